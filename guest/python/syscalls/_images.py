"""Gates as JSON: how calls say what a gate is made of."""

from __future__ import annotations

import re
from typing import Any

from ._errors import CloudCallError

_HASH = re.compile("[0-9a-f]{64}")
_SETTINGS = ("api", "event", "errors", "strict", "timeout", "concurrency")


def source(thing: Any) -> dict[str, Any]:
    """A blob or a gate: by handle, hash or path."""
    if isinstance(thing, str):
        return {"hash": thing} if _HASH.fullmatch(thing) else {"path": thing}
    if isinstance(thing, (list, tuple)):
        return {"path": list(thing)}
    number = thing if isinstance(thing, int) else getattr(thing, "fd", None)
    if number is None:
        raise CloudCallError("InvalidHandle")
    return {"handle": number}


def runtime_source(thing: Any) -> dict[str, Any]:
    """A runtime: a name, or a blob."""
    if isinstance(thing, str) and ":" not in thing and not _HASH.fullmatch(thing):
        return {"name": thing}
    return source(thing)


_WRITERS = {"app": source, "kernel": source, "gate": source, "runtime": runtime_source}


def gate_changes(**parts: Any) -> dict[str, Any]:
    """A gate of these parts; what is None is left out."""
    return {name: _WRITERS.get(name, _same)(part) for name, part in parts.items() if part is not None}


def _same(part: Any) -> Any:
    return part


def settings(given: dict[str, Any]) -> dict[str, Any]:
    """Settings of a gate that were given by name."""
    unknown = [name for name in given if name not in _SETTINGS]
    if unknown:
        raise TypeError(f"{unknown[0]!r} is no setting of a gate; there are {', '.join(_SETTINGS)}")
    return {name: value for name, value in given.items() if value is not None}
