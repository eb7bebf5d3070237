"""Multiplies two square matrices by divide and conquer: each level makes eight products of quarters in calls of their own."""

import array
import json
import time

from pyfaasm.core import await_call, chain, read_input, read_state, write_output, write_state


def load(key):
    return array.array("d", read_state(key))


def quarter(matrix, size, row, column):
    half = size // 2
    result = array.array("d")
    for line in range(row * half, (row + 1) * half):
        start = line * size + column * half
        result += matrix[start : start + half]
    return result


def join(quarters, size):
    half = size // 2
    result = array.array("d")
    for row in (0, 1):
        for line in range(half):
            for column in (0, 1):
                result += quarters[row, column][line * half : (line + 1) * half]
    return result


def product(a, b, size):
    columns = [b[column::size] for column in range(size)]
    result = array.array("d")
    for start in range(0, size * size, size):
        line = a[start : start + size]
        result.extend(sum(map(float.__mul__, line, column)) for column in columns)
    return result


def divide(key, size, levels):
    """Puts the product of KEY/a and KEY/b under KEY, by eight calls, each of which does as much a level below."""
    a, b = load(key + "/a"), load(key + "/b")
    if not levels:
        write_state(key, product(a, b, size).tobytes())
        return
    calls = []
    for row in (0, 1):
        for column in (0, 1):
            for inner in (0, 1):
                name = f"{key}/{row}{column}{inner}"
                write_state(name + "/a", quarter(a, size, row, inner).tobytes())
                write_state(name + "/b", quarter(b, size, inner, column).tobytes())
                calls.append(chain(worker, json.dumps([name, size // 2, levels - 1]).encode()))
    for call in calls:
        if code := await_call(call):
            raise SystemExit(code)
    quarters = {}
    for row in (0, 1):
        for column in (0, 1):
            parts = [load(f"{key}/{row}{column}{inner}") for inner in (0, 1)]
            quarters[row, column] = array.array("d", map(float.__add__, *parts))
    write_state(key, join(quarters, size).tobytes())


def worker(data):
    divide(*json.loads(data))


def faasm_main():
    size, levels = json.loads(read_input())
    a = array.array("d", (float(number % 7) for number in range(size * size)))
    b = array.array("d", (float(number % 5) for number in range(size * size)))
    write_state("matrix/a", a.tobytes())
    write_state("matrix/b", b.tobytes())
    start = time.perf_counter()
    divide("matrix", size, levels)
    seconds = time.perf_counter() - start
    found = load("matrix")
    for row, column in ((0, 0), (size // 3, size // 2), (size - 1, size - 1)):
        wanted = sum(a[row * size + inner] * b[inner * size + column] for inner in range(size))
        if found[row * size + column] != wanted:
            raise SystemExit(1)
    write_output(json.dumps({"seconds": seconds, "calls": sum(8 ** (level + 1) for level in range(levels))}).encode())
