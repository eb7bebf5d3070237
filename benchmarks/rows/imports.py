"""Row 3: a function behind many imports: they happen at deploy time, so a call costs what row 1 costs."""

from __future__ import annotations

from pathlib import Path

from lib.load import load
from lib.swiftlet import Swiftlet
from lib.table import Line
from rows.cold import deploy_many

FUNCTIONS = Path(__file__).parent.parent / "functions"
BODY = b'{"name": "you"}'


def measure(bench) -> list[Line]:
    count = 64
    with Swiftlet(bench.server) as server:
        for name in ("hello", "imports"):
            server.deploy(name, (FUNCTIONS / f"{name}.py").read_text())
        plain = load(server.target("hello", BODY), 1, bench.seconds, bench.repeats)
        warm = load(server.target("imports", BODY), 1, bench.seconds, bench.repeats)
        deploy_many(server, "imports", count)
        cold = load(server.target("imports%d", BODY, count=count), 1, bench.seconds, bench.repeats)
    more = warm.p50 - plain.p50
    return [
        Line.of("3", "14 imported modules, warm, 1 connection", warm, target="p50 within 50 µs of row 1", reached=more <= 50,
                note=f"{more:+.0f} µs p50, {warm.cpu - plain.cpu:+.0f} µs CPU"),
        Line.of("3", f"14 imported modules, cold: {count} functions in turn", cold),
    ]  # fmt: skip
