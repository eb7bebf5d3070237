"""Row 2: functions in turn, more of them than there are slots, so that none is in a slot when it is called."""

from __future__ import annotations

from pathlib import Path

from lib.load import load
from lib.processes import memory_mib
from lib.swiftlet import Swiftlet
from lib.table import Line

FUNCTIONS = Path(__file__).parent.parent / "functions"


def deploy_many(server: Swiftlet, name: str, count: int) -> None:
    """Functions NAME0, NAME1, …: the same work, different images."""
    code = (FUNCTIONS / f"{name}.py").read_text()
    for number in range(count):
        server.deploy(f"{name}{number}", f"{code}\n\nNUMBER = {number}\n")


def measure(bench) -> list[Line]:
    count = 64
    with Swiftlet(bench.server) as server:
        deploy_many(server, "hello", count)
        cost = load(server.target("hello%d", b'{"name": "you"}', count=count), 1, bench.seconds, bench.repeats)
        memory = memory_mib(server.pid)
    return [Line.of("2", f"cold image: {count} functions in turn, 1 connection", cost, memory=memory,
                    target="p50 ≤ 3 ms", reached=cost.p50 <= 3000)]  # fmt: skip
