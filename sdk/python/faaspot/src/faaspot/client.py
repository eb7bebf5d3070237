"""The client that blocks."""

from __future__ import annotations

from types import TracebackType
from typing import Optional, TypeVar

from . import _connecting
from ._link import Link
from .dead_letters import DeadLetters
from .executions import Executions
from .functions import Functions
from .profiles import Profiles
from .settings import Settings
from .spots import Spots
from .tokens import Tokens

Self = TypeVar("Self", bound="Faaspot")


class Faaspot:
    """A client of the active profile's server; where there are no profiles, of the server on this machine.

    Threads may share it. Failures raise `FaaspotException`. Close it, or use it in a `with` statement, where
    open connections matter.
    """

    def __init__(self) -> None:
        self._use(Link())

    @classmethod
    def from_profile(cls: type[Self], name: Optional[str] = None, *, settings: Settings = Settings()) -> Self:  # noqa: B008
        """A client of a profile's server, the active one's where none is named."""
        client = cls.__new__(cls)
        client._use(Link(_connecting.by_profile(name), settings))
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
        client._use(Link(
            _connecting.by_url(url, token, username, password, application, api_prefix, certificate, trust_all), settings))
        return client

    def _use(self, link: Link) -> None:
        self._link = link
        self.functions = Functions(link)
        self.deployments = self.functions
        self.executions = Executions(link)
        self.spots = Spots(link)
        self.nodes = self.spots
        self.profiles = Profiles(link.forget)
        self.dead_letters = DeadLetters(link)
        self.tokens = Tokens(link)

    def close(self) -> None:
        """Closes the connections. The next request opens new ones."""
        self._link.close()

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], traceback: Optional[TracebackType]
    ) -> None:
        self.close()
