"""Bytes as functions may give them."""

from __future__ import annotations

from typing import SupportsInt, Union

#: Bytes, or text, which is taken as UTF-8.
Data = Union[bytes, bytearray, memoryview, str]
#: A number of bytes: whatever `int()` accepts.
Length = Union[SupportsInt, str]

_MAXIMUM_KEY_BYTES = 512


def to_bytes(data: Data) -> bytes:
    """The bytes of `data`."""
    return data.encode("utf-8") if isinstance(data, str) else bytes(memoryview(data))


def to_length(length: Length) -> int:
    """A number of bytes, which is not negative."""
    number = int(length)
    if number < 0:
        raise ValueError(f"A length or offset must not be negative, and {number} is.")
    return number


def check_key(key: str) -> str:
    """The key, if it can be one: 1 to 512 bytes of UTF-8 without NUL."""
    if not isinstance(key, str):
        raise TypeError(f"A key must be a str, not {type(key).__name__}.")
    if not 1 <= len(key.encode("utf-8")) <= _MAXIMUM_KEY_BYTES or "\0" in key:
        raise ValueError(f"A key must have 1 to {_MAXIMUM_KEY_BYTES} bytes and no NUL.")
    return key
