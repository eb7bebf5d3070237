"""Row 5: plain Python work inside the sandbox against native CPython of the same version, both timed from inside."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from lib.swiftlet import Swiftlet
from lib.table import Line

FUNCTION = Path(__file__).parent.parent / "functions/compute.py"
WORKS = ("fib(27)", "json", "sort", "re", "float loop")


def measure(bench) -> list[Line]:
    lines = []
    ratios = []
    with Swiftlet(bench.server) as server:
        server.deploy("compute", FUNCTION.read_text())
        for work in WORKS:
            inside, native = [], []
            for _ in range(3 if bench.quick else 7):  # in turn, so that both meet the same noise; the best counts
                inside.append(server.call("compute", {"work": work}))
                native.append(bench.python.json_of(str(FUNCTION), work))
            here, there = min(inside) * 1e6, min(native) * 1e6
            ratios.append(here / there)
            lines.append(Line("5", work, p50=here, note=f"native {there / 1000:.1f} ms, {here / there:.2f} times"))
    middle = median(ratios)
    lines.append(Line("5", f"median: {middle:.2f} times native CPython", target="≤ 1.8 times", reached=middle <= 1.8))
    return lines
