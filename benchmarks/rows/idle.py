"""Row 8: what deployed functions that nobody calls cost in memory."""

from __future__ import annotations

import time

from lib.processes import memory_mib, shared_mib
from lib.swiftlet import Swiftlet
from lib.table import Line
from rows.cold import deploy_many


def resident(server: Swiftlet, shared_before: float) -> float:
    """Private and file pages of all processes, and all memory files, mapped or not (of the machine: nothing else makes any)."""
    time.sleep(3)
    return memory_mib(server.pid, ("Pss_Anon", "Pss_File")) + shared_mib() - shared_before


def measure(bench) -> list[Line]:
    count = 100 if bench.quick else 1000
    shared_before = shared_mib()
    with Swiftlet(bench.server) as server:
        empty = resident(server, shared_before)
        deploy_many(server, "hello", count)
        deployed = resident(server, shared_before)
        for number in range(count):
            server.call(f"hello{number}", {"name": "you"})
        called = resident(server, shared_before)
    more = deployed - empty
    return [
        Line("8", "empty server", memory=empty),
        Line("8", f"{count:,} deployed functions, idle: above empty", memory=more, target="≤ 100 MiB", reached=more <= 100),
        Line("8", "  after each was called once: above empty", memory=called - empty, note="with the cache of images"),
    ]
