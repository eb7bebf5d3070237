"""What this package adds: typed results, time limits, retries, `map`, local fallback."""

import asyncio
import logging
import threading
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Optional, TypedDict, Union

import pytest

from away import FaasConnection, Retries, builder
from away.exceptions import EnsureException, FaasFunctionTimedOutError, FaasReturnedError, FaasServiceUnavailableException, ResultTypeError

pytestmark = pytest.mark.usefixtures("quietly")
AT_ONCE = Retries(3, backoff=0)


@dataclass
class Point:
    x: int
    y: float = 0.0
    tags: list[str] = field(default_factory=list)


class Movie(TypedDict):
    name: str
    year: int


VALUES = [
    (3, int, 3), (3, float, 3.0), ("a", str, "a"), (None, None, None), (None, Optional[int], None), (2, Union[str, int], 2),
    (2, int | None, 2), (True, bool, True), ([1, 2], list[int], [1, 2]), ([1, 2], tuple[int, ...], (1, 2)),
    ([1, "a"], tuple[int, str], (1, "a")), ([1, 1], set[int], {1}), ({"a": 1}, dict[str, int], {"a": 1}), ({"a": 1}, dict, {"a": 1}),
    ([1], list, [1]), ("x", Literal["x", "y"], "x"),
    ({"x": 1, "tags": ["t"]}, Point, Point(1, 0.0, ["t"])), ([{"x": 1, "y": 2}], list[Point], [Point(1, 2.0)]),
    ({"name": "m", "year": 1}, Movie, {"name": "m", "year": 1}), (1, Annotated[int, "meters"], 1), ({"a": object}, Any, {"a": object}),
    ([], tuple[()], ()),
]
MISMATCHES = [
    ("3", int, "the result should be int and is str: '3'"), (True, int, "is bool"), (1.5, int, "is float"), (None, str, "is NoneType"),
    ([1, "a"], list[int], r"the result\[1\] should be int"), ([1], tuple[int, str], "should be tuple"),
    ({"a": "b"}, dict[str, int], r"the result\['a'\]"),
    ({"y": 1}, Point, "should be Point"), ({"x": 1, "z": 1}, Point, "should be Point"), ({"x": "1"}, Point, r"the result\.x should be int"),
    ({"name": "m"}, Movie, "should be Movie"), ("z", Literal["x", "y"], "Literal"), (1, Optional[str], "should be"), ("x" * 999, int, "…$"),
]


@pytest.mark.parametrize("value, returns, expected", VALUES, ids=repr)
def test_results_become_what_is_asked_for(value, returns, expected):
    from away import _results
    made = _results.from_value(value, returns)
    assert made == expected and type(made) is type(expected)


@pytest.mark.parametrize("value, returns, sentence", MISMATCHES, ids=repr)
def test_results_of_another_type(value, returns, sentence):
    from away import _results
    with pytest.raises(ResultTypeError, match=sentence):
        _results.from_value(value, returns)


@pytest.mark.parametrize("text, returns, expected", [
    ("55\n", int, 55), ("5.5\n", float, 5.5), ("True\n", bool, True), ("None\n", None, None), ("", None, None), ("a\n\n", str, "a\n"),
    ('{"x": 1}\n', Point, Point(1)), ("[1, 2]\n", set[int], {1, 2}), ("free text\n", Union[int, str], "free text")])
def test_texts_of_plain_functions_become_what_is_asked_for(reference, state, faas, text, returns, expected):
    state.scripted["/function/plain"] = [(200, {}, text.encode())]
    assert builder.sync_from_name("plain", faas, returns=returns)() == expected


def test_typed_uses_the_annotation(faas, fibonacci):
    @builder.faas_function(faas, typed=True)
    def fibonacci(n: int) -> int: ...

    @builder.publish(faas, typed=True)
    def make_point(x: int) -> Point:
        return {"x": x, "y": 1}

    @builder.publish(faas, typed=True)
    def lies() -> int:
        return "no number"
    assert fibonacci(10) == 55 and make_point(1) == Point(1, 1.0)
    with pytest.raises(ResultTypeError, match="should be int and is str"):
        lies()
    assert fibonacci.with_options(typed=False)(10) == "55\n"


def test_typed_needs_an_annotation(faas):
    with pytest.raises(EnsureException, match="no return annotation"):
        @builder.faas_function(faas, typed=True)
        def untyped(n):
            pass
    with pytest.raises(EnsureException, match="returns="):
        builder.sync_from_name("x", faas, typed=True)
    with pytest.raises(EnsureException, match="cannot be read"):
        @builder.faas_function(faas, typed=True)
        def lost() -> "Nowhere": ...  # noqa: F821


def test_only_successes_are_checked(reference, state, faas):
    state.scripted["/function/x"] = [(500, {}, b"broken"), (200, {}, b"7")]
    proxy = builder.sync_from_name("x", faas, returns=int, implicit_exception_handling=False)
    assert [proxy(), proxy()] == [("broken", 500), (7, 200)]


def test_a_time_limit(reference, state, faas):
    proxy = builder.sync_from_name("waiting", faas, timeout=0.05)
    with pytest.raises(FaasFunctionTimedOutError, match="Function waiting timed out"):
        proxy()
    state.gate.set()
    assert proxy.with_options(timeout=30)() == "waited"
    for wrong in (0, -1):
        with pytest.raises(ValueError, match="more than 0"):
            builder.sync_from_name("x", faas, timeout=wrong)


def test_unknown_options_are_refused(faas):
    with pytest.raises(TypeError, match="patience"):
        builder.sync_from_name("x", faas, patience=1)


def test_calls_that_were_not_run_are_repeated(reference, state, faas):
    state.scripted["/function/busy"] = [(429, {}, b""), (503, {"Retry-After": "0"}, b""), (200, {}, b"done")]
    assert builder.sync_from_name("busy", faas, retries=AT_ONCE)() == "done"
    state.scripted["/function/busy"] = [(503, {}, b"no")] * 4
    with pytest.raises(FaasReturnedError, match="503, no"):
        builder.sync_from_name("busy", faas, retries=AT_ONCE)()
    assert state.scripted["/function/busy"] == []


def test_a_pause_that_is_too_long_ends_the_attempts(reference, state, faas):
    state.scripted["/function/busy"] = [(429, {"Retry-After": "3600"}, b""), (200, {}, b"done")]
    with pytest.raises(FaasReturnedError, match="429"):
        builder.sync_from_name("busy", faas, retries=AT_ONCE)()


def test_calls_that_may_have_run_are_repeated_only_where_allowed(reference, state, faas):
    state.scripted["/function/lost"] = [None, (200, {}, b"done")]
    proxy = builder.sync_from_name("lost", faas, retries=AT_ONCE)
    with pytest.raises(FaasServiceUnavailableException, match="broke"):
        proxy()
    assert proxy() == "done"
    state.scripted["/function/lost"] = [None, (502, {}, b""), (500, {}, b""), (200, {}, b"done")]
    brave = Retries(3, backoff=0, statuses={500, 502}, even_if_it_may_have_run=True)
    assert proxy.with_options(retries=brave)() == "done"


def test_without_retries_nothing_is_repeated(reference, state, faas):
    state.scripted["/function/busy"] = [(503, {}, b""), (200, {}, b"done")]
    with pytest.raises(FaasReturnedError):
        builder.sync_from_name("busy", faas)()
    assert builder.sync_from_name("busy", faas, retries=1)() == "done"


def test_a_gateway_that_is_not_there_is_asked_again(monkeypatch):
    pauses = []
    monkeypatch.setattr("time.sleep", pauses.append)
    faas = FaasConnection("127.0.0.1", 9, user=None, ensure_available=False)
    with pytest.raises(FaasServiceUnavailableException):
        builder.sync_from_name("x", faas, retries=Retries(4, backoff=1, maximum_backoff=3))()
    assert len(pauses) == 4
    assert all(low <= pause <= high for pause, (low, high) in zip(pauses, [(0.5, 1), (1, 2), (1.5, 3), (1.5, 3)], strict=True))


def test_map(faas, fibonacci):
    proxy = builder.sync_from_name("fibonacci", faas, returns=int)
    assert proxy.map(range(6)) == [0, 1, 1, 2, 3, 5] and proxy.map([]) == []

    @builder.publish(faas)
    def power(a, b):
        return a ** b
    assert power.starmap([(2, 3), (3, 2)], concurrency=1) == [8, 9]

    @builder.publish(faas)
    async def power(a, b):
        return a ** b
    assert asyncio.run(power.starmap([(2, 3), (3, 2)])) == [8, 9]
    assert asyncio.run(builder.async_from_name("fibonacci", faas, returns=int).map(iter([7, 8]), concurrency=2)) == [13, 21]


def test_map_calls_some_at_a_time(reference, state, faas):
    proxy = builder.sync_from_name("waiting", faas)
    results = []
    thread = threading.Thread(target=lambda: results.extend(proxy.map(range(12), concurrency=4)))
    thread.start()
    for _ in range(4):
        assert state.arrivals.acquire(timeout=60)
    assert sum(each.path == "/function/waiting" for each in state.requests) == 4
    state.gate.set()
    thread.join()
    assert results == ["waited"] * 12


def test_failures_of_a_map(faas, fibonacci):
    sync, awaited = builder.sync_from_name("fibonacci", faas, returns=int), builder.async_from_name("fibonacci", faas, returns=int)
    for run in (sync.map, lambda *given, **options: asyncio.run(awaited.map(*given, **options))):
        with pytest.raises(FaasReturnedError, match="first"):
            run([1, "first", "second"])
        one, error, eight = run([1, "wrong", 6], return_exceptions=True)
        assert (one, eight) == (1, 8) and isinstance(error, FaasReturnedError)
        with pytest.raises(ValueError, match="concurrency is 0"):
            run([1], concurrency=0)


def test_what_has_not_begun_is_not_called_after_a_failure(reference, state, faas):
    state.scripted["/function/x"] = [(500, {}, b"broken"), *[(200, {}, b"")] * 99]
    with pytest.raises(FaasReturnedError, match="broken"):
        builder.sync_from_name("x", faas).map(range(100), concurrency=1)
    assert len([each for each in state.requests if each.path == "/function/x"]) < 100


def test_falling_back_to_the_function_here(caplog):
    faas = FaasConnection("127.0.0.1", 9, user=None, ensure_available=False)

    @builder.faas_function(faas, fallback=True)
    def add(a, b):
        return a + b

    @builder.faas_function(faas, fallback=True)
    async def add_later(a, b):
        await asyncio.sleep(0)
        return a + b
    with caplog.at_level(logging.WARNING, logger="away"):
        assert add(1, 2) == 3
    assert "add runs locally: No connection" in caplog.text
    assert asyncio.run(add_later(1, 2)) == 3 and asyncio.run(add_later.starmap([(1, 1)])) == [2]
    assert builder.sync_from_name("x", faas, fallback=max)(1, 5) == 5
    assert builder.sync_from_name("x", faas, fallback=max, implicit_exception_handling=False)(1, 5) == (5, 0)
    with pytest.raises(EnsureException, match="give a function as its fallback"):
        builder.sync_from_name("x", faas, fallback=True)


def test_falling_back_when_the_gateway_cannot_serve(reference, state, faas):
    state.scripted["/function/x"] = [(503, {}, b""), (429, {}, b""), (500, {}, b"its own fault"), (502, {}, b"")]
    proxy = builder.sync_from_name("x", faas, fallback=lambda: "here")
    assert [proxy(), proxy()] == ["here", "here"]
    with pytest.raises(FaasReturnedError, match="its own fault"):
        proxy()
    with pytest.raises(FaasFunctionTimedOutError):
        proxy()


def test_options_are_copied_with_changes(faas):
    proxy = builder.sync_from_name("x", faas, retries=2, fallback=max)
    other = proxy.with_options(timeout=3)
    assert (other._target.calling.timeout, other._target.calling.retries, other._target.calling.fallback) == (3, 2, max)
    assert proxy._target.calling.timeout is None
    with pytest.raises(AttributeError, match="made from a name"):
        proxy.local  # noqa: B018
