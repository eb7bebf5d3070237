"""Where requests go, and who sends them."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from typing import NamedTuple, Optional
from urllib.parse import urlsplit

from . import _local_server
from ._environment import expand
from ._profile_file import Profile, ProfileFile
from .exceptions import FaaspotException

NO_PROFILE = "Missing profile. Please use `fas profiles -h` command"


class Address(NamedTuple):
    """A server's address without a path."""

    protocol: str
    host: str
    port: int

    @classmethod
    def parse(cls, url: str) -> Address:
        """Parses `http://HOST[:PORT]`, with an IPv6 host in brackets."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
            raise FaaspotException(f"`{url}` is no address of a server; it must look like `https://HOST:PORT`.")
        return cls(parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80))


@dataclass(frozen=True)
class Connection:
    """Everything needed to send requests to one server."""

    address: Address
    prefix: str = "v1"
    application: Optional[str] = None
    #: The value of the `Authorization` header.
    authorization: Optional[str] = None
    #: A file of certificates to trust instead of the system's.
    certificate: Optional[str] = None
    trust_all: bool = False

    @property
    def url(self) -> str:
        """The address of the server, without a path."""
        protocol, host, port = self.address
        return f"{protocol}://{f'[{host}]' if ':' in host else host}:{port}"

    @property
    def is_local(self) -> bool:
        """Whether requests stay on this machine."""
        host = self.address.host
        return host in ("localhost", "::1") or host.startswith("127.")


def authorization(token: Optional[str], username: Optional[str], password: Optional[str]) -> Optional[str]:
    """The value of the `Authorization` header. A token wins over a password."""
    if token:
        return f"Token {token}"
    if username is not None and password is not None:
        return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode("ascii")
    return None


def active() -> Connection:
    """The connection of the active profile; where there are no profiles at all, one to the server on this machine."""
    file = ProfileFile.load()
    if not file.names:
        return _local()
    profile = file.get(file.active) if file.active else None
    if profile is None:
        raise FaaspotException(NO_PROFILE)
    return of_profile(profile)


def named(name: str) -> Connection:
    """The connection of the profile of that name."""
    return of_profile(ProfileFile.load().existing(name))


def of_profile(profile: Profile) -> Connection:
    """The connection of a profile.

    One without host, port and protocol means the server on this machine, where one has announced itself. That server's
    protocol and token are used where the profile has none; the token is sent nowhere else.
    """
    announced = _local_server.discover()
    local = Address.parse(announced.url) if announced else None
    address = Address(profile.protocol or "https", (profile.host or "localhost").strip("[]"), profile.port or 443)
    if local and profile.host is None and profile.port is None and profile.protocol is None:
        address = local
    connection = Connection(
        address,
        prefix=profile.api_prefix or "v1",
        application=profile.application,
        authorization=authorization(profile.token, profile.username, profile.password),
        certificate=expand(profile.certificate) if profile.certificate else None,
        trust_all=profile.trust_all or False,
    )
    if local and connection.is_local and address.port == local.port:
        if profile.protocol is None:
            connection = replace(connection, address=address._replace(protocol=local.protocol))
        if not profile.has_credentials:
            token = _local_server.admin_token(announced)
            connection = replace(connection, authorization=authorization(token, None, None))
    return connection


def _local() -> Connection:
    announced = _local_server.discover()
    token = _local_server.admin_token(announced)
    address = Address.parse(announced.url if announced else _local_server.DEFAULT_URL)
    return Connection(address, authorization=authorization(token, None, None))
