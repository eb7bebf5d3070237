"""Dead letters: asynchronous executions that have failed for good."""

from __future__ import annotations

from typing import Optional
from urllib.parse import urlencode

from .._routes import Routes
from .executions import Page, page
from .steps import Operation, mapping, send, unexpected, uuid


def list_dead_letters(
    routes: Routes, function: Optional[str], limit: Optional[int], before: Optional[str]
) -> Operation[Page]:
    pairs = {"function": routes.qualified(function), "limit": None if limit is None else str(limit), "before": before}
    query = {key: value for key, value in pairs.items() if value is not None}
    return (yield from page(routes.path("dead_letters", ""), query))


def redrive(routes: Routes, identifier: str) -> Operation[str]:
    return uuid((yield from send("POST", routes.path("dead_letters", identifier, "redrive"))))


def redrive_all(routes: Routes, function: Optional[str]) -> Operation[int]:
    path = routes.path("dead_letters", "redrive") + _of(routes.qualified(function))
    return _count((yield from send("POST", path)), "redriven")


def purge(routes: Routes, identifier: str) -> Operation[int]:
    return _count((yield from send("DELETE", routes.path("dead_letters", identifier))), "purged")


def purge_all(routes: Routes, function: Optional[str]) -> Operation[int]:
    path = routes.path("dead_letters", "") + _of(routes.qualified(function))
    return _count((yield from send("DELETE", path, is_repeatable=True)), "purged")


def _of(function: Optional[str]) -> str:
    return "?" + urlencode({"function": function}) if function is not None else ""


def _count(answer: object, key: str) -> int:
    count = mapping(answer).get(key)
    if not isinstance(count, int):
        raise unexpected(f"an object with `{key}`")
    return count
