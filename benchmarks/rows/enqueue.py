"""Row 6: asynchronous calls, each acknowledged when it is on disk. They run meanwhile, on the same processors."""

from __future__ import annotations

from lib.load import load
from lib.processes import memory_mib
from lib.swiftlet import Swiftlet
from lib.table import Line

CONNECTIONS = 64


def measure(bench) -> list[Line]:
    with Swiftlet(bench.server) as server:
        server.deploy("nothing", "def main(args, context):\n    return None\n")
        cost = load(server.target("nothing", b"{}", asynchronous=True), CONNECTIONS, bench.seconds, bench.repeats)
        memory = memory_mib(server.pid)
    return [Line.of("6", f"durable enqueue, {CONNECTIONS} connections", cost, memory=memory, target="≥ 5,000/s",
                    reached=cost.throughput >= 5000, note="CPU includes the calls that ran meanwhile")]  # fmt: skip
