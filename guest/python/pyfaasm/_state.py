"""State of the tenant: values, ranges of them, and append logs."""

from __future__ import annotations

import struct

from swiftlet_runtime import host

from ._data import Data, Length, check_key, to_bytes, to_length

_number = struct.Struct("<Q")
_ALL = b"\xff" * 8
_START = bytes(8)


def size(key: str) -> int:
    """The value's size; 0 where there is none."""
    return _number.unpack(_ask(host.STATE_SIZE, key)[0])[0]


def read(key: str, length: Length | None = None) -> bytes:
    """The value, or its first `length` bytes; empty where there is none."""
    return _ask(host.STATE_READ, key, _START, _ALL if length is None else _bytes(length))[1]


def read_range(key: str, total: Length, offset: Length, length: Length) -> bytes:
    """The part of the range that exists. `total` does not matter."""
    to_length(total)
    return _ask(host.STATE_READ, key, _bytes(offset), _bytes(length))[1]


def write(key: str, value: Data) -> None:
    """Replaces the value and its size."""
    _ask(host.STATE_WRITE, key, to_bytes(value))


def write_range(key: str, total: Length, offset: Length, value: Data) -> None:
    """Replaces a range of the value, which grows to `total` or the range's end, whichever is more, with zeros."""
    _ask(host.STATE_WRITE_RANGE, key, _bytes(total), _bytes(offset), to_bytes(value))


def push(key: str) -> None:
    """Makes earlier writes durable."""
    _ask(host.STATE_PUSH, key)


def pull(key: str) -> None:
    """Makes the next read see the newest value."""
    _ask(host.STATE_PULL, key)


def append(key: str, value: Data) -> None:
    """Adds an element to the key's log."""
    _ask(host.STATE_APPEND, key, to_bytes(value))


def read_appended(key: str, count: Length | None = None) -> list[bytes]:
    """The first `count` elements of the key's log, or all."""
    return _ask(host.STATE_READ_APPENDED, key, _ALL if count is None else _bytes(count))


def clear_appended(key: str) -> None:
    """Empties the key's log."""
    _ask(host.STATE_CLEAR_APPENDED, key)


def delete(key: str) -> bool:
    """Deletes the value and the log; tells whether there was one of them."""
    return _ask(host.STATE_DELETE, key)[0] != b"\0"


def compare_and_set(key: str, expected: Data | None, value: Data) -> bool:
    """Replaces the value where it is `expected`; None: where there is none. Tells whether it did."""
    known = b"\0" if expected is None else b"\1"
    (done,) = _ask(
        host.STATE_COMPARE_AND_SET, key, known, b"" if expected is None else to_bytes(expected), to_bytes(value)
    )
    return done != b"\0"


def _ask(operation: int, key: str, *fields: bytes) -> list[bytes]:
    return host.ask(operation, check_key(key).encode(), *fields)


def _bytes(length: Length) -> bytes:
    return _number.pack(to_length(length))
