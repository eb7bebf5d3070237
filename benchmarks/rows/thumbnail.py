"""Row 4: a thumbnail of a 1600x1200 JPEG with Pillow, picture and answer as base64, against the same natively."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from statistics import median

from lib.load import load
from lib.processes import memory_mib
from lib.swiftlet import Swiftlet
from lib.table import Line

FUNCTION = Path(__file__).parent.parent / "functions/thumbnail.py"


def measure(bench) -> list[Line]:
    arguments = bench.python.json_of(str(FUNCTION), "picture")
    body = json.dumps(arguments).encode()
    with Swiftlet(bench.server) as server:
        server.deploy("thumbnail", FUNCTION.read_text())
        answer = server.call("thumbnail", body)
        if (answer["width"], answer["height"]) != (200, 150):
            raise RuntimeError(f"a thumbnail of {answer['width']}x{answer['height']}")
        target = server.target("thumbnail", body)
        one = load(target, 1, bench.seconds, bench.repeats)
        many = load(target, 4, bench.seconds, bench.repeats)
        memory = memory_mib(server.pid)
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        times = bench.python.json_of(str(FUNCTION), "native", file.name, "20")
    wall, cpu = (median(values) * 1e6 for values in zip(*times, strict=True))
    size = f"{len(body) / 1024:.0f} KiB body"
    return [
        Line.of("4", "thumbnail with Pillow, 1 connection", one, note=size),
        Line.of("4", "thumbnail with Pillow, 4 connections", many, memory=memory),
        Line("4", "  the same in native CPython, no HTTP", 1e6 / wall, wall, max(times)[0] * 1e6, cpu, note="Pillow's wheel, with SIMD"),
    ]
