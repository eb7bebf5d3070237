"""Calls of the oldest functions: values by keys."""

from __future__ import annotations

from . import _operations as op
from . import _wire as wire
from ._errors import refused


class KeyCalls:
    """Files below `~:kv`, made when they are written; `/` in a key separates directories."""

    @refused(False)
    def write_key(self, key: str, value: wire.Data) -> bool:
        wire.ask(op.KEY_WRITE, _field(key), wire.data(value))
        return True

    @refused(None)
    def read_key(self, key: str) -> bytes | None:
        return wire.ask(op.KEY_READ, _field(key))[0]

    @refused(lambda _: [])
    def read_dir(self, d: str = "") -> list[str]:
        """The names in a directory of keys."""
        return [name.decode() for name in wire.ask(op.KEY_LIST, _field(d))[::2]]


def _field(key: str | bytes) -> bytes:
    return key if isinstance(key, bytes) else wire.name(key)
