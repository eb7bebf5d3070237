"""Sorting and searching: numbers, words, tuples, keys, own orders, `bisect`, `heapq`."""

from __future__ import annotations

import bisect
import functools
import heapq
import operator
import random


def quicksort(values):
    if len(values) < 2:
        return values
    pivot, *rest = values
    return (
        quicksort([value for value in rest if value < pivot])
        + [pivot]
        + quicksort([value for value in rest if value >= pivot])
    )


def bubble(values):
    values = values[:]
    for end in range(len(values), 1, -1):
        for index in range(end - 1):
            if values[index] > values[index + 1]:
                values[index], values[index + 1] = values[index + 1], values[index]
    return values


def work():
    generator = random.Random(3)
    integers = [generator.randrange(1000000) for _ in range(3000)]
    floats = [generator.random() for _ in range(1500)]
    words = [f"word{number % 977}" for number in integers[:1500]]
    rows = [{"name": word, "age": number % 90} for word, number in zip(words, integers, strict=False)]
    expected = sorted(integers)
    assert quicksort(integers[:1000]) == sorted(integers[:1000])
    assert bubble(integers[:80]) == sorted(integers[:80])
    expected.sort(), expected.sort(reverse=True)
    sorted(floats), sorted(words), sorted(words, key=len), sorted(words, key=str.upper, reverse=True)
    sorted(zip(words, integers, strict=False)), sorted(rows, key=operator.itemgetter("age")), sorted(rows, key=lambda row: row["name"])
    sorted(integers[:300], key=functools.cmp_to_key(lambda a, b: a % 100 - b % 100))
    sorted([2**70 + number for number in range(200)]), sorted(integers[:200] + floats[:200])
    ordered = []
    for number in integers[:300]:
        bisect.insort(ordered, number)
    heapq.nlargest(10, integers), heapq.nsmallest(10, rows[:500], key=lambda row: row["age"])
    max(integers), min(words), max(rows, key=lambda row: row["age"]), list(reversed(ordered)).index(ordered[5])
