"""Row 10: many executions one after another: what memory the server and its workers have by then, and how long a list takes."""

from __future__ import annotations

import json
import time

from lib.processes import memory_mib
from lib.swiftlet import Swiftlet
from lib.table import Line
from rows.queue import BULK, CODE, drained


def pages(server: Swiftlet, count: int, query: str) -> list[float]:
    """Microseconds of each of so many pages of 100, one after another, from the newest."""
    found, before = [], ""
    for _ in range(count):
        started = time.perf_counter()
        page = server.request("GET", f"/v1/executions/?limit=100{query}{before}")
        found.append((time.perf_counter() - started) * 1e6)
        before = f"&before={page[-1]['uuid']}"
    return sorted(found)


def measure(bench) -> list[Line]:
    count = 50_000 if bench.quick else 1_000_000
    body = json.dumps([{"name": f"user{number}"} for number in range(BULK)]).encode()
    with Swiftlet(bench.server) as server:
        server.deploy("hello", CODE)
        started, memory = time.perf_counter(), []
        waiting = None
        for _ in range(count // BULK):
            identifiers = server.request("POST", "/v1/functions/hello/bulk_rpc/", body)
            # One request waits while the one before it is worked on.
            if waiting:
                drained(server, waiting)
            waiting = identifiers[-1]
            memory.append(memory_mib(server.pid))
        drained(server, waiting)
        took = time.perf_counter() - started
        newest, filtered = pages(server, 50, "&include_completed=true"), pages(server, 50, "&status=Success&function=hello")
    early, late = memory[len(memory) // 5], memory[-1]
    return [
        Line("10", f"{count:,} executions, queued and run", count / took, memory=late),
        Line("10", "server memory after all, above that after a fifth of them", memory=late - early, target="≤ 16 MiB",
             reached=late - early <= 16),
        Line("10", f"a page of 100 out of {count:,}", p50=newest[25], p99=newest[-1], target="p50 ≤ 20 ms",
             reached=newest[25] <= 20_000),
        Line("10", "the same by function and status", p50=filtered[25], p99=filtered[-1], target="p50 ≤ 20 ms",
             reached=filtered[25] <= 20_000),
    ]  # fmt: skip
