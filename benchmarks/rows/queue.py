"""Row 9: the queue: bulk requests, the time from the queue to the start when idle, and how fast many are drained."""

from __future__ import annotations

import json
import time

from lib.processes import memory_mib
from lib.swiftlet import Swiftlet
from lib.table import Line

CODE = "def main(args, context):\n    return 'Hello ' + args.get('name', 'you')\n"
BULK = 10_000


def bulk(server: Swiftlet, count: int) -> tuple[float, list[str]]:
    """Queues so many in requests of 10,000; seconds, and the uuids."""
    body = json.dumps([{"name": f"user{number}"} for number in range(BULK)]).encode()
    started, found = time.perf_counter(), []
    for _ in range(count // BULK):
        found += server.request("POST", "/v1/functions/hello/bulk_rpc/", body)
    return time.perf_counter() - started, found


def drained(server: Swiftlet, last: str) -> None:
    """Waits until one execution has ended: long polls, which cost the server nothing."""
    while server.request("GET", f"/v1/executions/{last}?wait=60")["status"] in ("Pending", "Started"):
        pass


def delays(server: Swiftlet, count: int) -> list[float]:
    """Microseconds from queued to started of one execution after another."""
    found = []
    for _ in range(count):
        identifier = server.request("POST", "/v1/functions/hello/rpc/", b"{}")
        execution = server.request("GET", f"/v1/executions/{identifier}?wait=30")
        found.append(seconds(execution["started"]) - seconds(execution["created"]))
    return sorted(each * 1e6 for each in found)


def seconds(text: str) -> float:
    """The second of the day of a time such as `2017-07-21 15:10:52.537686+00:00`."""
    hours, minutes, rest = text[11:26].split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def measure(bench) -> list[Line]:
    count = 10_000 if bench.quick else 100_000
    with Swiftlet(bench.server) as server:
        server.deploy("hello", CODE)
        idle = delays(server, 50 if bench.quick else 500)
        took, found = bulk(server, count)
        accepted = time.perf_counter()
        drained(server, found[-1])
        drain = count / (time.perf_counter() - accepted + took)
        memory = memory_mib(server.pid)
    middle = idle[len(idle) // 2]
    return [
        Line("9", "durable enqueue in bulk of 10,000", count / took, target="≥ 20,000/s", reached=count / took >= 20_000,
             note="while the first of them run"),
        Line("9", "queued → running when idle", p50=middle, p99=idle[len(idle) * 99 // 100], target="p50 ≤ 5 ms",
             reached=middle <= 5000),
        Line("9", f"{count:,} queued `hello` drained", drain, memory=memory, target="≥ 3,000/s", reached=drain >= 3000),
    ]  # fmt: skip
