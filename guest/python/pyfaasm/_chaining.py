"""Chaining: calls of functions of the same file or of another function of the tenant, and waiting for them."""

from __future__ import annotations

import struct
from typing import Any

from swiftlet_runtime import host

from . import _programs
from ._data import Data, to_bytes

CALL_TIMED_OUT = -110
CALL_CANCELLED = -125

_SAME_FUNCTION, _OTHER_FUNCTION = b"\0", b"\1"
_DEFAULT_TIMEOUT, _WITHOUT_OUTPUT, _WITH_OUTPUT = bytes(4), b"\0", b"\1"
_STATUS = ("RUNNING", "SUCCESS", "FAILED")
_number = struct.Struct("<i")


def chain(function: Any, input_data: Data = b"") -> int:
    """Calls a function of the same file, or the one of an index, with the input; returns the call's id at once."""
    return _start(_SAME_FUNCTION, "", _entry(function), to_bytes(input_data))


def chain_named(function_name: str, input_data: Data = b"", entry: str | None = None) -> int:
    """Calls another function, in its newest version; returns the call's id at once."""
    return _start(_OTHER_FUNCTION, function_name, entry or "", to_bytes(input_data))


def await_call(call_id: int) -> int:
    """Waits for a call and returns its code, or `CALL_TIMED_OUT` where it takes too long."""
    return _wait(call_id, _WITHOUT_OUTPUT)[0]


def await_call_output(call_id: int) -> tuple[int, bytes]:
    """Waits for a call and returns its code and its output."""
    return _wait(call_id, _WITH_OUTPUT)


def get_call_status(call_id: int) -> str:
    """`RUNNING`, `SUCCESS` or `FAILED`."""
    return _STATUS[host.ask(host.STATUS, _identifier(call_id))[0][0]]


def _entry(function: Any) -> str:
    if isinstance(function, int):
        return f"#{function}"
    name = function if isinstance(function, str) else getattr(function, "__name__", repr(function))
    if not callable(getattr(_programs.active().module, name, None)):
        raise ValueError(f"`{name}` is no function of the file; a chained function must be one at its top level.")
    return name


def _start(kind: bytes, function: str, entry: str, data: bytes) -> int:
    (answer,) = host.ask(host.CHAIN, kind, function.encode(), entry.encode(), data)
    return _number.unpack(answer)[0]


def _wait(call_id: int, flags: bytes) -> tuple[int, bytes]:
    code, output = host.ask(host.AWAIT, _DEFAULT_TIMEOUT, flags, _identifier(call_id))
    return _number.unpack(code)[0], output


def _identifier(call_id: int) -> bytes:
    try:
        return _number.pack(int(call_id))
    except struct.error:
        raise ValueError(f"There is no call {call_id} in this app.") from None
