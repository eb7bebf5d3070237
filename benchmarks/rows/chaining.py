"""Row faasm: calls that start others. Times are taken in the guest, by the caller."""

from __future__ import annotations

import json
import urllib.request

from lib.processes import memory_mib
from lib.swiftlet import Swiftlet
from lib.table import Line

CODE = """
import json, time
from pyfaasm.core import await_call, chain, read_input, write_output

def nothing(data):
    pass

def one_by_one(count):
    times = []
    for _ in range(count):
        start = time.perf_counter()
        await_call(chain(nothing))
        times.append(time.perf_counter() - start)
    return sorted(times)

def at_one_time(count):
    start = time.perf_counter()
    for call in [chain(nothing) for _ in range(count)]:
        await_call(call)
    return [time.perf_counter() - start]

def faasm_main():
    how, count = json.loads(read_input())
    write_output(json.dumps({"one": one_by_one, "many": at_one_time}[how](count)).encode())
"""


def ask(server: Swiftlet, how: str, count: int) -> list[float]:
    """Seconds that the calls of one call took."""
    body = json.dumps([how, count]).encode()
    with urllib.request.urlopen(f"{server.url}/faasm/call/python/chaining", body, timeout=300) as answer:
        return json.loads(answer.read())


def measure(bench) -> list[Line]:
    count = 200 if bench.quick else 2000
    with Swiftlet(bench.server) as server:
        url = f"{server.url}/faasm/upload/p/python/chaining"
        urllib.request.urlopen(urllib.request.Request(url, CODE.encode(), method="PUT"), timeout=60).close()
        ask(server, "one", 50)
        times = ask(server, "one", count)
        wide = min(ask(server, "many", 1000)[0] for _ in range(bench.repeats))
        many = count * 4
        rate = many / min(ask(server, "many", many)[0] for _ in range(bench.repeats))
        memory = memory_mib(server.pid)
    p50, p99 = (times[int(len(times) * part)] * 1e6 for part in (0.5, 0.99))
    return [
        Line("faasm", "chain and await a no-op", p50=p50, p99=p99, target="≤ 500 µs", reached=p50 <= 500),
        Line("faasm", "1,000 chained calls at one time", p50=wide * 1e6, target="≤ 1 s", reached=wide <= 1),
        Line("faasm", "chained calls", rate, memory=memory, target="≥ 4,000/s", reached=rate >= 4000),
    ]
