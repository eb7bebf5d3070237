"""Row matrix: a matrix multiplication by divide and conquer, 72 chained calls that share state, in pure Python."""

from __future__ import annotations

from pathlib import Path

from lib.faasm import ask, upload
from lib.swiftlet import Swiftlet
from lib.table import Line

CODE = Path(__file__).parent.parent / "functions/matrix.py"


def measure(bench) -> list[Line]:
    lines = []
    with Swiftlet(bench.server) as server:
        upload(server, "matrix", CODE.read_bytes())
        for size in (16, 128):
            for levels in (0, 2):
                done = [ask(server, "matrix", [size, levels]) for _ in range(bench.repeats + 1)][1:]
                seconds = min(each["seconds"] for each in done)
                what = f"{size}x{size} matrices, {done[0]['calls']} chained calls"
                lines.append(Line("matrix", what, p50=seconds * 1e6, note="pure Python; timed by the caller"))
    return lines
