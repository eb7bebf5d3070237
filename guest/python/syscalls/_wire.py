"""How calls are asked: the fields of requests, made of what functions give."""

from __future__ import annotations

import json
import struct
from typing import Any

from swiftlet_runtime import host

from ._errors import CODES, CloudCallError
from ._messages import Buckle, Component, label_of
from ._operations import LABEL_CURRENT

#: A string, or a list of names and labels.
Path = str | list[Any] | tuple[Any, ...]
#: Text, an object, or its JSON as a dict.
Label = str | Buckle | dict[str, Any]
#: Bytes, or text, which is taken as UTF-8.
Data = bytes | bytearray | memoryview | str

#: What one call moves at most.
MAXIMUM_TRANSFER = 2 << 20

_DONE = b"\0"
# Before the JSON of a path, a label or a component, so that it cannot be taken for their text.
_STRUCTURED = b"\0"
_byte, _number, _long = struct.Struct("<B"), struct.Struct("<I"), struct.Struct("<Q")


#: What the host has answered about the current label, by the request, since that last changed.
known: dict[tuple[Any, ...], list[bytes]] = {}


def ask(operation: int, *fields: bytes | memoryview) -> list[bytes]:
    """The fields of the reply after its code; raises `CloudCallError` where that is none of success."""
    try:
        code, *reply = host.ask(operation, *fields)
    except BaseException:
        known.clear()
        raise
    if code == _DONE:
        return reply
    if len(code) > 1:
        known.clear()
    number = code[0]
    if number == 0:
        return reply
    raise CloudCallError(CODES[number - 1] if number <= len(CODES) else f"Code{number}")


def ask_label(*request: Any) -> list[bytes]:
    """Text and JSON of the current label after a request about it, and nothing else.

    What such a request does, doing it again does not add to: it is not sent again before the label is another.
    """
    reply = known.get(request)
    if reply is None:
        reply = ask(*request)
        known[request] = known[LABEL_CURRENT,] = reply
    return reply


def _plain(value: Any) -> Any:
    if isinstance(value, (Buckle, Component)):
        return value.to_dict()
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON")


_encode = json.JSONEncoder(default=_plain).encode


def encoded(value: Any) -> bytes:
    """JSON of a value that labels and components may be in."""
    return _encode(value).encode()


def path(value: Path) -> bytes:
    """A path as a field."""
    if isinstance(value, str):
        return _text(value, "BadPath")
    if isinstance(value, (list, tuple)):
        return _STRUCTURED + encoded(value)
    raise TypeError(f"a path is a string or a list of names and labels, not {type(value).__name__}")


def name(value: str | Buckle | dict[str, Any]) -> bytes:
    """One name, as it is, or a facet, as a field."""
    if isinstance(value, dict):
        value = label_of(value)
    if isinstance(value, Buckle):
        value = str(value)
    if not isinstance(value, str):
        raise TypeError(f"a name is a string, not {type(value).__name__}")
    return value.encode("utf-8", "surrogatepass")


def label(value: Label | None) -> bytes:
    """A label as a field; nothing where there is none."""
    return _formula(value, "a label")


def component(value: str | Component | dict[str, Any] | None) -> bytes:
    """A component as a field; nothing where there is none."""
    return _formula(value, "a component")


def _formula(value: Any, what: str) -> bytes:
    if value is None:
        return b""
    if isinstance(value, str):
        if not value:
            raise CloudCallError("Malformed")
        return _text(value, "Malformed")
    if isinstance(value, (Buckle, Component, dict)):
        return _STRUCTURED + encoded(value)
    raise TypeError(f"{what} is a string or an object, not {type(value).__name__}")


def _text(value: str, code: str) -> bytes:
    # What no UTF-8 has is for the host to refuse.
    field = value.encode("utf-8", "surrogatepass")
    if field.startswith(_STRUCTURED):
        raise CloudCallError(code)
    return field


def handle(thing: Any) -> bytes:
    """The handle of something as a field: of a number, or of an object with `fd`."""
    number = thing if isinstance(thing, int) else getattr(thing, "fd", None)
    try:
        return _number.pack(number)
    except struct.error:
        raise CloudCallError("InvalidHandle") from None


def data(value: Data) -> bytes | memoryview:
    """Bytes as a field."""
    return value.encode() if isinstance(value, str) else memoryview(value).cast("B")


def byte(value: int) -> bytes:
    return _byte.pack(value)


def number(value: int) -> bytes:
    """32 bits; what has no room in them is `Malformed`."""
    try:
        return _number.pack(value)
    except struct.error:
        raise CloudCallError("Malformed") from None


def long(value: int) -> bytes:
    return _long.pack(value)


def to_number(field: bytes) -> int:
    return int.from_bytes(field, "little")
