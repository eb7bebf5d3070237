"""Lists, tuples, dictionaries, sets: loops, comprehensions, slices, unpacking, and the ones of `collections`."""

from __future__ import annotations

import collections
import heapq
import itertools


def sieve(limit):
    flags = [True] * limit
    for number in range(2, int(limit**0.5) + 1):
        if flags[number]:
            for multiple in range(number * number, limit, number):
                flags[multiple] = False
    return [number for number in range(2, limit) if flags[number]]


def multiply(first, second):
    return [[sum(a * b for a, b in zip(row, column, strict=True)) for column in zip(*second, strict=False)] for row in first]


def shortest(graph, start):
    distances = {start: 0}
    queue = [(0, start)]
    while queue:
        distance, node = heapq.heappop(queue)
        if distance > distances[node]:
            continue
        for neighbour, length in graph[node].items():
            through = distance + length
            if through < distances.get(neighbour, through + 1):
                distances[neighbour] = through
                heapq.heappush(queue, (through, neighbour))
    return distances


def work():
    assert len(sieve(5000)) == 669
    square = [[row * column % 7 for column in range(12)] for row in range(12)]
    multiply(square, square)
    graph = {n: {(n * 3 + 1) % 150: n % 11 + 1, (n * 7 + 5) % 150: n % 5 + 1} for n in range(150)}
    shortest(graph, 0)

    words = [f"w{n * n % 211}" for n in range(2000)]
    counts = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
        if word in counts and word != "w0":
            counts[word] += 0
    groups = collections.defaultdict(list)
    for position, word in enumerate(words):
        groups[word].append(position)
    assert collections.Counter(words) == counts
    flipped = {count: word for word, count in counts.items()}
    merged = {**counts, **flipped, "extra": 1} | {"more": 2}
    merged.pop("extra"), merged.setdefault("again", 0), list(merged.keys()), len(merged.values())
    del merged["more"]

    queue = collections.deque(maxlen=50)
    point = collections.namedtuple("point", "x y") if not flipped else Point
    stack = []
    for number in range(1500):
        queue.append(number)
        stack.append((number, -number))
        if number % 3 == 0:
            low, high = stack.pop()
            low, high = high, low
        first, *rest = queue
        place = point(number, first)
        assert place.x == number and place[1] == first
    stack[10:20] = []
    stack.reverse(), stack.insert(5, (0, 0)), stack.index((0, 0)), stack.extend(stack[::50])
    numbers = set(range(0, 600, 2)) & set(range(0, 600, 3)) | {1, 2} - {2}
    numbers.discard(7), 6 in numbers, frozenset(numbers)
    list(itertools.islice(itertools.chain(itertools.product("ab", repeat=5), itertools.combinations(range(9), 3)), 100))
    any(n > 900 for n in range(1000)), all(n < 900 for n in range(1000))


Point = collections.namedtuple("Point", "x y")
