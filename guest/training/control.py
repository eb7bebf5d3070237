"""Control flow: exceptions, generators, context managers, coroutines, pattern matching."""

from __future__ import annotations

import contextlib


class Refused(ValueError):
    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def checked(number):
    if number % 7 == 0:
        raise Refused("seven")
    if number % 11 == 0:
        return {}["absent"]
    return number


def guarded(number):
    try:
        return checked(number)
    except Refused as refused:
        return len(refused.reason)
    except (KeyError, IndexError):
        return -1
    finally:
        number += 1


@contextlib.contextmanager
def opened(log):
    log.append("open")
    try:
        yield log
    finally:
        log.append("closed")


class Resource:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        return kind is KeyError


def collatz(number):
    while number != 1:
        yield number
        number = number // 2 if number % 2 == 0 else 3 * number + 1


def flattened(tree):
    for node in tree:
        if isinstance(node, list):
            yield from flattened(node)
        else:
            yield node


async def twice(value):
    return value * 2


async def chain(value):
    for _ in range(10):
        value = await twice(value) % 1000
    return value


def shape(value):
    match value:
        case {"kind": "circle", "r": r}:
            return r
        case [x, y]:
            return x + y
        case str() | None:
            return 0
        case int(n) if n > 5:
            return n
        case _:
            return -1


def work():
    assert sum(guarded(number) for number in range(1, 2500)) > 0
    log = []
    for _ in range(200):
        with opened(log), Resource() as resource:
            assert resource
        with Resource():
            {}["swallowed"]
    assert max(len(list(collatz(number))) for number in range(1, 150)) == 121
    tree = [1, [2, [3, 4], 5], [[6, [7]]]] * 60
    assert sum(flattened(tree)) == 28 * 60
    for number in range(150):
        try:
            chain(number).send(None)
        except StopIteration as stop:
            assert stop.value < 1000
    for value in ({"kind": "circle", "r": 2}, [1, 2], "text", None, 9, 2.5) * 150:
        shape(value)
    count = 0
    while True:
        count += 1
        if count % 2:
            continue
        if count > 2000:
            break
