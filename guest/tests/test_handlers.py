"""How handlers are called: their contracts, what they are given, and what is made of what they return or raise."""

import json
import types

import pytest


def seed(event, cloudcall): ...
def oldest(req, syscall): ...
def positional(a, b): ...
def only_event(event): ...
def everything(*args): ...
def options(event, **more): ...
def newer(syscall, payload, blobs, headers, invoker): ...
def partly(syscall, *, headers): ...
def open_ended(syscall, **rest): ...


class Handler:
    def __call__(self, syscall, payload): ...


@pytest.mark.parametrize(
    ("handle", "is_newer", "positions"),
    [
        (seed, False, 2), (oldest, False, 2), (positional, False, 2), (only_event, False, 1), (everything, False, 2),
        (options, False, 1), (lambda request, **rest: 0, False, 1), (lambda x: 0, False, 1), (lambda payload: 0, False, 1),
        (newer, True, 2), (partly, True, 1), (open_ended, True, 1), (Handler(), True, 2), (lambda event, blobs: 0, True, 2),
    ],
)  # fmt: skip
def test_the_signature_tells_the_contract(handle, is_newer, positions):
    from swiftlet_runtime.entries.faasten import Manner

    manner = Manner(handle)
    assert (manner.is_newer, manner.positions) == (is_newer, positions)


def test_older_handlers_get_the_event_and_the_calls(run, syscall):
    given = []

    def handle(*arguments):
        given.append(arguments)
        return {"ü": [1, None]}

    assert run(handle, b'{"a": 1}') == (200, False, b'{"\\u00fc": [1, null]}')
    assert given == [({"a": 1}, syscall)]
    run(lambda event: given.append(event), b"3")
    assert given[1] == 3


def test_newer_handlers_get_what_they_take(run, syscall):
    from syscalls import ResponseStr, TokenList

    given = {}

    def handle(syscall, payload=b"", blobs=None, headers=None, invoker=None):
        given.update(syscall=syscall, payload=payload, blobs=blobs, headers=headers, invoker=invoker)
        return ResponseStr("ok", 201)

    blobs = [{"name": "a.txt", "handle": 5, "hash": "00"}]
    assert run(handle, b" x", blobs=blobs, headers={"k": "v"}, invokers=[["alice", "app"], []]) == (201, False, b"ok")
    assert given == {
        "syscall": syscall, "payload": b" x", "blobs": {"a.txt": 5}, "headers": {"k": "v"},
        "invoker": [TokenList(["alice", "app"]), TokenList([])],
    }  # fmt: skip
    assert run(lambda syscall, headers: headers, headers={"k": "v"})[2] == b'{"k": "v"}'
    assert run(lambda syscall, **rest: sorted(rest))[2] == b'["blobs", "headers", "invoker", "payload"]'


def test_a_gate_may_say_which_contract(run):
    assert run(lambda syscall, payload: [syscall, type(payload).__name__], b"1", api="g1")[2] == b'[1, "CloudCall"]'
    assert run(lambda calls: type(calls).__name__, b"1", api="g2")[2] == b"CloudCall"


@pytest.mark.parametrize(
    ("style", "payload", "event"),
    [
        ("auto", {"input": 1, "x": 2}, {"input": 1, "x": 2}), ("auto", {"x": 2}, {"x": 2, "input": {"x": 2}}),
        ("auto", [1], {"input": [1]}), ("auto", None, {"input": None}), ("wrapped", {"input": 1}, {"input": {"input": 1}}),
        ("wrapped", 5, {"input": 5}), ("raw", {"x": 1}, {"x": 1}), ("raw", 5, 5),
    ],
)  # fmt: skip
def test_event_styles(run, style, payload, event):
    handle = lambda event: event  # noqa: E731
    assert json.loads(run(handle, json.dumps(payload).encode(), event=style, gateway=True)[2]) == event
    # What functions send is the event as it is.
    assert json.loads(run(handle, json.dumps(payload).encode(), event=style)[2]) == payload


def test_uploads_are_in_the_event(run):
    blobs = [{"name": "a", "handle": 5, "hash": "00"}, {"name": "b", "handle": 6, "hash": "11"}]
    event = json.loads(run(lambda event: event, b'{"x": 1}', gateway=True, blobs=blobs)[2])
    assert event == {"x": 1, "input": {"x": 1}, "input-blob": "00", "input-blobs": {"a": "00", "b": "11"}}
    assert json.loads(run(lambda event: event, b"[1]", event="raw", gateway=True, blobs=blobs)[2]) == [1]


def test_responses(run):
    import syscalls

    class Own(syscalls.Response):
        def body_to_bytes(self):
            return b"own"

        def status_code(self):
            return 404

    def answer(value):
        return run(lambda syscall, payload: value)

    assert answer(Own()) == (404, False, b"own")
    assert answer(syscalls.ResponseDict({"a": 1}, 418)) == (418, False, b'{"a": 1}')
    assert answer(syscalls.ResponseRaw(b"\0")) == (200, False, b"\0")
    for value, body in (({"a": 1}, b'{"a": 1}'), ([1], b"[1]"), ("ü", "ü".encode()), (b"\xff", b"\xff"), (None, b"null")):
        assert answer(value) == (200, False, body)
    assert run(lambda event: "text")[2] == b'"text"'

    async def later(event, cloudcall):
        return 5

    assert run(later)[2] == b"5"


@pytest.mark.parametrize("bad", [object(), b"bytes", float("nan"), {1: {2}}])
def test_what_cannot_be_sent_is_an_error(run, bad):
    status, failed, body = run(lambda event: bad)
    assert (status, failed) == (200, True)
    assert json.loads(body)["error"]["type"] == "<class 'TypeError'>"


def test_exceptions_are_answers(run):
    def handle(event, cloudcall):
        raise KeyError("näme")

    status, failed, body = run(handle)
    error = json.loads(body)["error"]
    assert (status, failed, json.loads(body).keys(), error.keys()) == (200, True, {"error"}, {"type", "value", "traceback"})
    assert (error["type"], error["value"]) == ("<class 'KeyError'>", "'näme'")
    assert all(type(line) is str for line in error["traceback"]) and "in handle" in "".join(error["traceback"])
    assert run(handle, errors=500)[:2] == (500, True)
    assert run(lambda event: exit(3))[:2] == (200, True)


def test_a_payload_that_is_not_json_is_malformed(run):
    for payload in (b"", b"{", b"\xff"):
        error = json.loads(run(lambda event: 1, payload)[2])["error"]
        assert "CloudCallError" in error["type"] and error["value"].startswith("Malformed")


def test_strictness_is_the_gates(run):
    handle = lambda event, cloudcall: cloudcall.fs_read("x")  # noqa: E731
    assert run(handle)[2] == b"null"
    assert json.loads(run(handle, strict=True)[2])["error"]["value"] == "Malformed"
    assert run(handle)[2] == b"null"


def test_other_faces_can_call(fake):
    import types

    from swiftlet_runtime.entries import MissingEntry, adapter

    entry_of = adapter("faasten")
    module = types.ModuleType("workload")
    module.__file__ = "/srv/workload.py"
    with pytest.raises(MissingEntry, match="workload.py"):
        entry_of(module, None)
    for value, sent in ((lambda e: e, b"{}"), (lambda syscall, payload: "text", b'"text"')):
        module.handle = value
        entry = entry_of(module, None)
        assert entry.encode(entry()) == sent


def test_what_stands_around_handlers_has_run_before_the_image_is_taken(fake, monkeypatch):
    from swiftlet_runtime import host
    from swiftlet_runtime.entries import faasten as entries
    from syscalls import _wire

    runs = []
    monkeypatch.setattr(entries, "_packed", lambda *answer, packed=entries._packed: runs.append(answer) or packed(*answer))
    host.in_call = False
    call = host.call
    module = types.ModuleType("workload")
    module.__file__, module.handle = "/srv/workload.py", lambda event, cloudcall: runs.append("the handler")
    entries.Entry(module, None)
    assert [answer[:2] for answer in runs] == [(200, b'{"input": {}}'), (200, b'{"a": "b"}')] * 8
    assert (host.call, host.in_call, _wire.known, fake.asked) == (call, False, {}, [])
