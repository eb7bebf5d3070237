"""Locks on keys of state: many readers or one writer, among all calls of the tenant. What a call holds is freed when it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from swiftlet_runtime import host

from ._data import check_key

_READ, _WRITE = b"\0", b"\1"


class HeldLock:
    """A lock that is held. As the object of a `with` statement, it is given back at the statement's end."""

    def __init__(self, unlock: Callable[[str], None], key: str) -> None:
        self._unlock, self._key = unlock, key

    def __enter__(self) -> HeldLock:
        return self

    def __exit__(self, *error: Any) -> None:
        self._unlock(self._key)


def lock_read(key: str) -> HeldLock:
    """Waits until nobody writes, and keeps writers out."""
    host.ask(host.STATE_LOCK, check_key(key).encode(), _READ)
    return HeldLock(unlock_read, key)


def unlock_read(key: str) -> None:
    """Gives a read lock back."""
    host.ask(host.STATE_UNLOCK, check_key(key).encode(), _READ)


def lock_write(key: str) -> HeldLock:
    """Waits until nobody else reads or writes, and keeps all others out."""
    host.ask(host.STATE_LOCK, check_key(key).encode(), _WRITE)
    return HeldLock(unlock_write, key)


def unlock_write(key: str) -> None:
    """Gives a write lock back."""
    host.ask(host.STATE_UNLOCK, check_key(key).encode(), _WRITE)
