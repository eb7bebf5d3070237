"""Row restore: until the first instruction of the user's code, where no slot holds the function's image.

From a request both sides read the machine's monotonic clock, so that holds HTTP, the client's part of it, the way to the worker and
the restoring itself. The sandbox alone is what Faasm's published figure is about.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import time

from lib.faasm import upload
from lib.swiftlet import Swiftlet
from lib.table import Line

CODE = """
import time
from pyfaasm.core import write_output

NUMBER = {number}

def faasm_main():
    write_output(str(time.monotonic_ns()).encode())
"""

FUNCTIONS = 64


def measure(bench) -> list[Line]:
    with Swiftlet(bench.server) as server:
        for number in range(FUNCTIONS):
            upload(server, f"restored{number}", CODE.format(number=number).encode())
        connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=60)

        def call(number: int) -> float:
            """Microseconds from the request to the first line."""
            start = time.monotonic_ns()
            connection.request("GET", f"/faasm/call/bench/restored{number}")
            return (int(connection.getresponse().read()) - start) / 1000

        rounds = 3 if bench.quick else 20
        cold = sorted(call(number) for _ in range(rounds) for number in range(FUNCTIONS))
        call(0)
        warm = sorted(call(0) for _ in range(len(cold)))
    alone = json.loads(subprocess.check_output([bench.sandbox[0], "restore", bench.sandbox[1], str(64 * rounds)]))
    lines = [
        Line("restore", "the sandbox alone, entry to first user instruction, cold: 64 functions in one slot", p50=alone["p50"],
             p99=alone["p99"], target="≤ 0.9 ms", reached=alone["p50"] <= 900)
    ]  # fmt: skip
    for what, times, goal in (("cold: 64 functions in turn", cold, True), ("warm", warm, False)):
        p50, p99 = (times[int(len(times) * part)] for part in (0.5, 0.99))
        target = {"target": "≤ 0.9 ms", "reached": p50 <= 900} if goal else {}
        lines.append(Line("restore", f"request to first user instruction, {what}", p50=p50, p99=p99, **target))
    return lines
