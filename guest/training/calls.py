"""Functions: recursion, default and keyword arguments, closures, decorators, builtins, partial application."""

from __future__ import annotations

import functools
import operator


def ackermann(m: int, n: int) -> int:
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def hanoi(count: int, source: str, target: str, spare: str) -> int:
    if count == 0:
        return 0
    return hanoi(count - 1, source, spare, target) + 1 + hanoi(count - 1, spare, target, source)


def area(width, height=2, *, scale=1, **rest):
    return width * height * scale + len(rest)


def total(*values):
    result = 0
    for value in values:
        result += value
    return result


def counter():
    count = 0

    def step(by=1):
        nonlocal count
        count += by
        return count

    return step


def traced(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


@traced
def halve(number):
    return number // 2


@functools.cache
def paths(rows, columns):
    return 1 if not rows or not columns else paths(rows - 1, columns) + paths(rows, columns - 1)


def work():
    ackermann(2, 40)
    hanoi(10, "a", "b", "c")
    step = counter()
    triple = functools.partial(operator.mul, 3)
    for number in range(2500):
        area(number)
        area(number, 3, scale=2)
        area(width=number, depth=4)
        total(number, 1, 2, 3)
        total(*(number, number))
        step()
        step(by=2)
        halve(number)
        triple(number)
        max(number, 7), min(3, number), abs(-number), len("four"), isinstance(number, int)
        (lambda x: x + 1)(number)
    paths.cache_clear()
    assert paths(25, 25) == 126410606437752
    assert functools.reduce(operator.add, map(triple, range(1000))) == 1498500
