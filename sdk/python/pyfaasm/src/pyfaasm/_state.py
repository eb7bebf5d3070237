"""State of the running call's tenant: values, ranges of them, and append logs."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Optional

from . import _calls, _stores
from ._data import Data, Length, check_key, to_bytes, to_length
from ._stores import Store

_VALUE, _LOG = "value", "log"
#: The length of an element of a log, before it.
_FRAME = struct.Struct("<Q")


def size(key: str) -> int:
    """The value's size; 0 where there is none."""
    return len(_value(key))


def read(key: str, length: Optional[Length] = None) -> bytes:
    """The value, or its first `length` bytes; empty where there is none."""
    value = _value(key)
    return value if length is None else value[: to_length(length)]


def read_range(key: str, total: Length, offset: Length, length: Length) -> bytes:
    """The part of the range that exists. `total` does not matter."""
    to_length(total)
    start = to_length(offset)
    return _value(key)[start : start + to_length(length)]


def write(key: str, value: Data) -> None:
    """Replaces the value and its size."""
    content = to_bytes(value)
    with _opened(key) as (store, tenant):
        store.write(tenant, _VALUE, key, content)


def write_range(key: str, total: Length, offset: Length, value: Data) -> None:
    """Replaces a range of the value, which grows to `total` or the range's end, whichever is more, with zeros."""
    content, start = to_bytes(value), to_length(offset)
    with _opened(key) as (store, tenant):
        old = store.read(tenant, _VALUE, key) or b""
        new = bytearray(old)
        new.extend(bytes(max(len(old), to_length(total), start + len(content)) - len(old)))
        new[start : start + len(content)] = content
        store.write(tenant, _VALUE, key, bytes(new))


def push(key: str) -> None:
    """Nothing: every write is seen by all calls at once."""
    check_key(key)


pull = push


def append(key: str, value: Data) -> None:
    """Adds an element to the key's log."""
    content = to_bytes(value)
    with _opened(key) as (store, tenant):
        store.write(tenant, _LOG, key, (store.read(tenant, _LOG, key) or b"") + _FRAME.pack(len(content)) + content)


def read_appended(key: str, count: Optional[Length] = None) -> list[bytes]:
    """The first `count` elements of the key's log, or all, in order."""
    with _opened(key) as (store, tenant):
        log = store.read(tenant, _LOG, key) or b""
    elements: list[bytes] = []
    position = 0
    while position < len(log) and (count is None or len(elements) < to_length(count)):
        (length,) = _FRAME.unpack_from(log, position)
        position += _FRAME.size
        elements.append(log[position : position + length])
        position += length
    return elements


def clear_appended(key: str) -> None:
    """Removes the key's log."""
    with _opened(key) as (store, tenant):
        store.remove(tenant, _LOG, key)


def delete(key: str) -> bool:
    """Removes the key's value and log; tells whether there was one."""
    with _opened(key) as (store, tenant):
        removed = [store.remove(tenant, kind, key) for kind in (_VALUE, _LOG)]
    return any(removed)


def compare_and_set(key: str, expected: Optional[Data], value: Data) -> bool:
    """Writes the value if it is `expected` now, where None means that there is none; tells whether it did."""
    content = to_bytes(value)
    with _opened(key) as (store, tenant):
        if store.read(tenant, _VALUE, key) != (None if expected is None else to_bytes(expected)):
            return False
        store.write(tenant, _VALUE, key, content)
    return True


def _value(key: str) -> bytes:
    with _opened(key) as (store, tenant):
        return store.read(tenant, _VALUE, key) or b""


@contextmanager
def _opened(key: str) -> Iterator[tuple[Store, str]]:
    check_key(key)
    store, tenant = _stores.current(), _calls.current().tenant
    with store.exclusive(tenant):
        yield store, tenant
