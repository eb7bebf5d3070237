"""Runs the rows and prints one table. Started by `benchmarks/bench`, which gets what is needed first."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from lib.peer import Python313
from lib.table import Line, table

ROWS = {
    "1": "fresh", "2": "cold", "3": "imports", "4": "thumbnail", "5": "compute", "6": "enqueue", "7": "deploy", "8": "idle",
    "9": "queue", "10": "soak", "faasm": "chaining", "raw": "raw", "state": "state", "matrix": "matrix",
    "restore": "restore", "openfaas": "openfaas", "faasten": "faasten",
}  # fmt: skip


@dataclass
class Bench:
    """What every row is given."""

    server: str
    sandbox: list[str]
    """The program that measures the sandbox alone, with its first argument."""
    python: Python313
    quick: bool

    @property
    def seconds(self) -> float:
        """How long one run of a load lasts."""
        return 1 if self.quick else 5

    @property
    def repeats(self) -> int:
        return 1 if self.quick else 3


def machine() -> dict[str, object]:
    names = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "processors": os.cpu_count(),
        "model": names[0] if names else platform.machine(),
        "kernel": platform.release(),
        "load": os.getloadavg()[0],
    }


def run(bench: Bench, chosen: list[str]) -> tuple[list[Line], list[str]]:
    lines: list[Line] = []
    failures: list[str] = []
    for number in chosen:
        started = time.monotonic()
        print(f"row {number}: {ROWS[number]} ...", end="", file=sys.stderr, flush=True)
        try:
            lines += importlib.import_module(f"rows.{ROWS[number]}").measure(bench)
            print(f" {time.monotonic() - started:.0f} s", file=sys.stderr)
        except Exception as error:  # one row that fails shall not cost the others
            failures.append(f"row {number} ({ROWS[number]}): {error}")
            print(f" FAILED: {error}", file=sys.stderr)
    return lines, failures


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True)
    parser.add_argument("--sandbox", required=True)
    parser.add_argument("--guest", required=True)
    parser.add_argument("--python313", required=True)
    parser.add_argument("--packages", required=True)
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rows", default=" ".join(ROWS))
    options = parser.parse_args()
    chosen = options.rows.replace(",", " ").split()
    if unknown := [row for row in chosen if row not in ROWS]:
        parser.error(f"there is no row {unknown[0]}; the rows are {', '.join(f'{n} ({name})' for n, name in ROWS.items())}")

    here = machine()
    bench = Bench(options.server, [options.sandbox, options.guest], Python313(options.python313, options.packages), options.quick)
    lines, failures = run(bench, chosen)
    print(f"\n{here['processors']} processors ({here['model']}), Linux {here['kernel']}, load {here['load']:.1f} before;"
          f" load generator and server share the processors{'; QUICK: one short run each' if bench.quick else ''}\n")  # fmt: skip
    print(table(lines))
    for failure in failures:
        print(f"NOT MEASURED: {failure}")
    result = {"machine": here, "quick": bench.quick, "lines": [line.json() for line in lines], "failures": failures}
    options.json.write_text(json.dumps(result, indent=1) + "\n")
    print(f"\nwritten to {options.json}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
