"""Tokens: who may do what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Optional

from .._operations import tokens as operations
from ..types import NewToken, Token
from ._resource import AsyncResource

TokenList = list[Token]


class AsyncTokens(AsyncResource):
    """The tokens of the server. Only an administrator may use this."""

    async def list(self) -> TokenList:
        """All tokens, without their secrets."""
        return await self._link.run(operations.list_tokens(self._link.routes))

    async def create(
        self,
        name: str,
        scopes: Iterable[str],
        *,
        functions: Optional[Iterable[str]] = None,
        expires_in: Optional[float] = None,
        rate_per_minute: Optional[int] = None,
        max_body_bytes: Optional[int] = None,
    ) -> NewToken:
        """Makes a token. The secret, its `token`, is shown this once.

        `scopes` are any of `read`, `run`, `deploy` and `admin`; `functions`, where given, all that it may see and run,
        such as `hello`, `APP/hello` or `mail-*`; `expires_in` is in seconds.
        """
        return await self._link.run(operations.create(
            self._link.routes, name, scopes, functions, expires_in, rate_per_minute, max_body_bytes))

    async def delete(self, id: str) -> str:
        """Revokes a token; returns its id."""
        return await self._link.run(operations.delete(self._link.routes, id))
