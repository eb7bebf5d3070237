"""The client that awaits."""

from __future__ import annotations

from types import TracebackType
from typing import Optional, TypeVar

from .. import _connecting
from ..profiles import Profiles
from ..settings import Settings
from ._link import AsyncLink
from .dead_letters import AsyncDeadLetters
from .executions import AsyncExecutions
from .functions import AsyncFunctions
from .spots import AsyncSpots
from .tokens import AsyncTokens

Self = TypeVar("Self", bound="AsyncFaaspot")


class AsyncFaaspot:
    """A client of the active profile's server; where there are no profiles, of the server on this machine.

    Tasks of one event loop may share it. Failures raise `FaaspotException`. Close it, or use it in `async with`.

    `profiles` reads and writes a file of this user, and is the one object whose methods are not awaited.
    """

    def __init__(self) -> None:
        self._use(AsyncLink())

    @classmethod
    def from_profile(cls: type[Self], name: Optional[str] = None, *, settings: Settings = Settings()) -> Self:  # noqa: B008
        """A client of a profile's server, the active one's where none is named."""
        client = cls.__new__(cls)
        client._use(AsyncLink(_connecting.by_profile(name), settings))
        return client

    @classmethod
    def from_url(
        cls: type[Self],
        url: str,
        *,
        token: Optional[str] = None,
        username: Optional[str] = None,
        password: Optional[str] = None,
        application: Optional[str] = None,
        api_prefix: str = "v1",
        certificate: Optional[str] = None,
        trust_all: bool = False,
        settings: Settings = Settings(),  # noqa: B008
    ) -> Self:
        """A client of the server at `url`, such as `https://faas.example.org`, whatever the profiles say.

        `certificate` is a file of certificates to trust instead of the system's.
        """
        client = cls.__new__(cls)
        client._use(AsyncLink(
            _connecting.by_url(url, token, username, password, application, api_prefix, certificate, trust_all), settings))
        return client

    def _use(self, link: AsyncLink) -> None:
        self._link = link
        self.functions = AsyncFunctions(link)
        self.deployments = self.functions
        self.executions = AsyncExecutions(link)
        self.spots = AsyncSpots(link)
        self.nodes = self.spots
        self.profiles = Profiles(link.forget)
        self.dead_letters = AsyncDeadLetters(link)
        self.tokens = AsyncTokens(link)

    async def close(self) -> None:
        """Closes the connections. The next request opens new ones."""
        await self._link.close()

    async def __aenter__(self: Self) -> Self:
        return self

    async def __aexit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], traceback: Optional[TracebackType]
    ) -> None:
        await self.close()
