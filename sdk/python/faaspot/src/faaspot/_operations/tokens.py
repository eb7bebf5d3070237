"""Tokens: list, create, delete."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Optional

from .._routes import Routes
from ..types import NewToken, Token
from .steps import Operation, get, mapping, send, sequence


def list_tokens(routes: Routes) -> Operation[list[Token]]:
    found: list[Token] = []
    query: dict[str, str] = {}
    while True:
        reply = yield from get(routes.path("tokens", ""), query)
        found += sequence(reply.value)
        after = reply.headers.get("x-next-after")
        if after is None:
            return found
        query = {"after": after}


def create(
    routes: Routes,
    name: str,
    scopes: Iterable[str],
    functions: Optional[Iterable[str]],
    expires_in: Optional[float],
    rate_per_minute: Optional[int],
    max_body_bytes: Optional[int],
) -> Operation[NewToken]:
    body: dict[str, Any] = {"name": name, "scopes": list(scopes)}
    extras = {
        "functions": None if functions is None else list(functions),
        "expires_in": expires_in,
        "rate_per_minute": rate_per_minute,
        "max_body_bytes": max_body_bytes,
    }
    body.update({key: value for key, value in extras.items() if value is not None})
    made: NewToken = mapping((yield from send("PUT", routes.path("tokens", ""), body)))
    return made


def delete(routes: Routes, identifier: str) -> Operation[str]:
    answer = mapping((yield from send("DELETE", routes.path("tokens", identifier))))
    return str(answer.get("id", identifier))
