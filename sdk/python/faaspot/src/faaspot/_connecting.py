"""The ways to say which server to talk to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional

from . import _connection
from ._connection import Address, Connection

Resolve = Callable[[], Connection]


def by_profile(name: Optional[str]) -> Resolve:
    """The profile of that name, or the active one."""
    if name is None:
        return _connection.active
    return lambda: _connection.named(name)


def by_url(
    url: str,
    token: Optional[str],
    username: Optional[str],
    password: Optional[str],
    application: Optional[str],
    api_prefix: str,
    certificate: Optional[str],
    trust_all: bool,
) -> Resolve:
    """The server at `url`, whatever the profiles say."""
    connection = Connection(
        Address.parse(url),
        prefix=api_prefix,
        application=application,
        authorization=_connection.authorization(token, username, password),
        certificate=certificate,
        trust_all=trust_all,
    )
    return lambda: connection
