"""What the objects of a client have in common."""

from __future__ import annotations

from typing import Optional, TypeVar

from ._link import Link

Self = TypeVar("Self", bound="Resource")


class Resource:
    """Calls of one kind. Made without a link, it talks to the server of the active profile."""

    def __init__(self, link: Optional[Link] = None) -> None:
        self._link = link or Link()

    def __call__(self: Self) -> Self:
        """Itself: programs for the older clients write `faaspot.executions().get(…)`."""
        return self
