"""Locks on keys of state: many readers or one writer, among the calls of this process."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Callable, Optional

from . import _calls
from ._calls import Call
from ._data import check_key


class _Lock:
    """Who holds the lock of one key."""

    def __init__(self) -> None:
        self.writer: Optional[Call] = None
        self.readers: list[Call] = []


class HeldLock:
    """A lock that is held. As the object of a `with` statement, it is given back at the statement's end."""

    def __init__(self, unlock: Callable[[], None]) -> None:
        self._unlock = unlock

    def __enter__(self) -> HeldLock:
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], traceback: Optional[TracebackType]
    ) -> None:
        self._unlock()


_changed = threading.Condition()
_locks: dict[tuple[str, str], _Lock] = {}


def lock_read(key: str) -> HeldLock:
    """Waits until nobody writes, and keeps writers out."""
    call = _calls.current()
    with _changed:
        lock = _lock(call, key)
        _refuse_own(lock, call, key)
        _changed.wait_for(lambda: lock.writer is None)
        lock.readers.append(call)
        call.at_end.append(lambda: _release(lock, call))
    return HeldLock(lambda: unlock_read(key))


def unlock_read(key: str) -> None:
    """Gives a read lock back."""
    call = _calls.current()
    with _changed:
        lock = _lock(call, key)
        if call not in lock.readers:
            raise RuntimeError(f"This call holds no read lock on `{key}`.")
        lock.readers.remove(call)
        _changed.notify_all()


def lock_write(key: str) -> HeldLock:
    """Waits until nobody else reads or writes, and keeps all others out."""
    call = _calls.current()
    with _changed:
        lock = _lock(call, key)
        _refuse_own(lock, call, key)
        if call in lock.readers:
            raise RuntimeError(f"This call holds a read lock on `{key}` and would wait for itself.")
        _changed.wait_for(lambda: lock.writer is None and not lock.readers)
        lock.writer = call
        call.at_end.append(lambda: _release(lock, call))
    return HeldLock(lambda: unlock_write(key))


def unlock_write(key: str) -> None:
    """Gives a write lock back."""
    call = _calls.current()
    with _changed:
        lock = _lock(call, key)
        if lock.writer is not call:
            raise RuntimeError(f"This call holds no write lock on `{key}`.")
        lock.writer = None
        _changed.notify_all()


def _lock(call: Call, key: str) -> _Lock:
    return _locks.setdefault((call.tenant, check_key(key)), _Lock())


def _refuse_own(lock: _Lock, call: Call, key: str) -> None:
    if lock.writer is call:
        raise RuntimeError(f"This call holds a write lock on `{key}` and would wait for itself.")


def _release(lock: _Lock, call: Call) -> None:
    """Gives back what an ended call still holds."""
    with _changed:
        lock.readers = [reader for reader in lock.readers if reader is not call]
        if lock.writer is call:
            lock.writer = None
        _changed.notify_all()
