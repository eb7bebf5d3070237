"""Faasten: ``handle`` of ``workload.py``, called in one of two manners; which one its parameters tell, or the gate.

Older handlers get an event, made of a JSON payload, and the object with all calls, and return what JSON can hold. Newer ones get
that object first and all else by name, and return a response. The answer is a list of fields: status (16 bits), whether the handler
failed (8 bits), and the body.
"""

import asyncio
import inspect
import json

from faasten import syscall
from syscalls import CloudCallError, Response, ResponseDict, ResponseRaw, ResponseStr, TokenList
from syscalls import _wire as wire
from syscalls._errors import Conventions

from .. import faults, host
from ..faults import MissingEntry, UnusableResult

_NEWER = frozenset(("payload", "blobs", "headers", "invoker"))
_EVENT = frozenset(("event", "req", "request"))


class Manner:
    """What a handler's parameters say: whether it is a newer one, how many positions it has, and which names it takes."""

    def __init__(self, handle):
        try:
            parameters = list(inspect.signature(handle).parameters.values())
        except (TypeError, ValueError):  # some callables cannot tell
            self.is_newer, self.positions, self.names = False, 2, frozenset()
            return
        kinds = {parameter.kind for parameter in parameters}
        places = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        named = {p.name for p in parameters[1:] if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}
        takes_all = inspect.Parameter.VAR_KEYWORD in kinds
        self.is_newer = bool(named & _NEWER) or (takes_all and len(places) == 1 and places[0].name not in _EVENT)
        self.positions = 2 if inspect.Parameter.VAR_POSITIONAL in kinds else min(2, len(places))
        self.names = _NEWER if takes_all else _NEWER & named


def _warm(entry):
    """Let Python learn, before the image is taken, what it learns when code first runs; see the entry of OpenFaaS."""
    known = host.call, host.in_call, entry._handle, entry._manner
    reply = host.join(b"\0", b"T,T", b"{}")
    parts = (b'{"input": {}}', b"", b"", b'{"faasten": {"gateway": true, "headers": {"a": "b"}, "invokers": [["a"]]}}')
    host.call, host.in_call = lambda operation, request: parts[request[0]] if operation == host.INPUT else reply, True

    def older(event, cloudcall):
        cloudcall.get_current_label()
        cloudcall.taint_with_label("a,T")
        cloudcall.fs_read(f"~:{event}")
        wire.known.clear()
        return event

    def newer(cloudcall, payload, headers, invoker):
        return ResponseDict(headers)

    try:
        for entry._handle in (older, newer) * 8:
            entry._manner = Manner(entry._handle)
            entry.encode(entry())
    except Exception:  # the module may have changed what this code uses; calls will tell
        pass
    finally:
        host.call, host.in_call, entry._handle, entry._manner = known
        wire.known.clear()
        Conventions.strict = False


class Entry:
    """Calls ``handle`` of a module."""

    def __init__(self, module, entry):
        name = entry or "handle"
        self._handle = getattr(module, name, None)
        if not callable(self._handle):
            raise MissingEntry(f"no `def {name}(event, cloudcall)` was found in {module.__file__.rpartition('/')[2]}")
        self._manner = Manner(self._handle)
        if not host.in_call:
            _warm(self)

    def __call__(self):
        payload, detail = host.input_part(0), host.input_part(3)
        call = json.loads(detail).get("faasten") if detail else None
        self._is_foreign = call is None
        if self._is_foreign:  # another face's call: there may be no arguments at all
            call, payload = {}, payload or b"{}"
        Conventions.strict = bool(call.get("strict"))
        try:
            return self._answer(payload, call)
        except BaseException as error:
            if not self._is_foreign:
                host.put_output(_packed(call.get("errors") or 200, _told(error), has_failed=True))
            raise

    def _answer(self, payload, call):
        api = call.get("api") or "auto"
        is_newer = self._manner.is_newer if api == "auto" else api == "g2"
        if is_newer:
            result = self._handle(syscall, **self._named(payload, call))
        else:
            result = self._handle(*(_event(payload, call), syscall)[: self._manner.positions])
        if inspect.iscoroutine(result):
            result = asyncio.run(result)
        response = _response(result, is_newer)
        try:
            body, status = response.body_to_bytes(), response.status_code()
        except (TypeError, ValueError) as error:
            raise UnusableResult(f"the returned value cannot be sent: {error}") from None
        if not isinstance(status, int) or not 200 <= status <= 599:
            raise UnusableResult(f"{status!r} is no status: it must be a number from 200 to 599")
        return _packed(status, body)

    def _named(self, payload, call):
        given = {
            "payload": payload,
            "blobs": {blob["name"]: blob["handle"] for blob in call.get("blobs") or ()},
            "headers": call.get("headers") or {},
            "invoker": [TokenList(tokens) for tokens in call.get("invokers") or ()],
        }
        return {name: value for name, value in given.items() if name in self._manner.names}

    def encode(self, answer) -> bytes:
        if not self._is_foreign:
            return answer
        text = host.split(answer)[2].decode("utf-8", "replace")
        try:
            json.loads(text)
        except ValueError:
            return json.dumps(text).encode()
        return text.encode()


def _event(payload, call):
    try:
        event = json.loads(payload)
    except ValueError as error:
        raise CloudCallError("Malformed", f"the payload is not JSON: {error}") from None
    style = call.get("event") or "auto"
    # Only what came over HTTP is wrapped.
    if call.get("gateway") and style != "raw":
        if style == "wrapped" or not isinstance(event, dict):
            event = {"input": event}
        elif "input" not in event:
            event = {**event, "input": event}
    blobs = call.get("blobs")
    if blobs and isinstance(event, dict):
        event["input-blob"] = blobs[0]["hash"]
        event["input-blobs"] = {blob["name"]: blob["hash"] for blob in blobs}
    return event


def _response(result, is_newer) -> Response:
    if isinstance(result, Response):
        return result
    if is_newer and isinstance(result, str):
        return ResponseStr(result)
    if is_newer and isinstance(result, (bytes, bytearray)):
        return ResponseRaw(result)
    return ResponseDict(result)


def _packed(status, body, has_failed=False) -> bytes:
    return host.join(status.to_bytes(2, "little"), b"\1" if has_failed else b"\0", body)


def _told(error) -> bytes:
    kind = type(error)
    try:
        value = str(error)
    except BaseException:
        value = "(its message could not be made)"
    try:
        traceback = faults.lines(error)
    except BaseException as failure:  # a full memory must not hide that the handler failed
        traceback = [f"(no traceback: {type(failure).__name__})"]
    return json.dumps({"error": {"type": str(kind), "value": value, "traceback": traceback}}).encode()
