"""What the objects of a client have in common."""

from __future__ import annotations

from typing import Optional, TypeVar

from ._link import AsyncLink

Self = TypeVar("Self", bound="AsyncResource")


class AsyncResource:
    """Calls of one kind. Made without a link, it talks to the server of the active profile."""

    def __init__(self, link: Optional[AsyncLink] = None) -> None:
        self._link = link or AsyncLink()

    def __call__(self: Self) -> Self:
        """Itself: programs for the older clients write `faaspot.executions().get(…)`."""
        return self
