"""Row 5: plain Python work, timed inside. Run as a program it is the native side of the comparison."""

import json
import random
import re
import sys
import time


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def work_fib():
    fib(27)


RECORDS = [{"id": n, "name": f"record {n}", "tags": ["a", "b", str(n)], "value": n / 7} for n in range(4000)]


def work_json():
    for _ in range(5):
        json.loads(json.dumps(RECORDS))


NUMBERS = random.Random(1).sample(range(10**7), 100_000)


def work_sort():
    for _ in range(5):
        sorted(NUMBERS)


TEXT = " ".join(f"user{n}@example{n % 97}.org, {n}" for n in range(4000))
ADDRESS = re.compile(r"([a-z]+)(\d+)@((?:[a-z]+\d*\.)+[a-z]{2,})")


def work_re():
    for _ in range(10):
        ADDRESS.sub(lambda match: match[3], TEXT)


def work_float():
    x = 0.5
    for n in range(1_000_000):
        x = x * 3.7 * (1.0 - x) + n * 1e-12


WORKS = {"fib(27)": work_fib, "json": work_json, "sort": work_sort, "re": work_re, "float loop": work_float}


def main(args, context):
    """The seconds that a work took, the best of some."""
    times = []
    for _ in range(int(args.get("repeats", 3))):
        started = time.perf_counter()
        WORKS[args["work"]]()
        times.append(time.perf_counter() - started)
    return min(times)


if __name__ == "__main__":
    json.dump(main({"work": sys.argv[1]}, {}), sys.stdout)
