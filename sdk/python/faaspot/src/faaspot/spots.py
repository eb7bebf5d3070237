"""Spots: the capacity of the server."""

from __future__ import annotations

from typing import Optional, Union

from ._operations import spots as operations
from ._resource import Resource
from .types import Spot, SpotSummary, Workers

SpotList = list[SpotSummary]


class Spots(Resource):
    """The spots of the server, each a group of workers."""

    def list(self) -> SpotList:
        """All spots."""
        return self._link.run(operations.list_spots(self._link.routes))

    def get(self, ip: str) -> Spot:
        """One spot."""
        return self._link.run(operations.get_spot(self._link.routes, ip))

    def add(
        self,
        provider: Optional[str] = None,
        availability_zone: Optional[str] = None,
        wait: bool = False,
        timeout_ms: float = 600000,
        interval_ms: float = 3000,
    ) -> str:
        """Adds a spot. Returns `Execution id: UUID`, or with `wait` the new spot's address."""
        output: str = self._link.run(operations.add(
            self._link.routes, provider, availability_zone, wait, timeout_ms, interval_ms))
        return output

    def remove(
        self, ip: Optional[str] = None, wait: bool = False, timeout_ms: float = 600000, interval_ms: float = 3000
    ) -> str:
        """Removes a spot, the newest where none is named. Returns as `add` does."""
        output: str = self._link.run(operations.remove(self._link.routes, ip, wait, timeout_ms, interval_ms))
        return output

    def update(self, min: Union[int, str], max: Union[int, str]) -> Workers:
        """Sets how many workers every spot keeps ready, and has at most."""
        return self._link.run(operations.update(self._link.routes, min, max))

    def refresh_ip(
        self, ip: Optional[str] = None, wait: bool = False, timeout_ms: float = 600000, interval_ms: float = 3000
    ) -> str:
        """Gives a spot, or all, a new address. Returns as `add` does."""
        output: str = self._link.run(operations.refresh_ip(self._link.routes, ip, wait, timeout_ms, interval_ms))
        return output

    def replace(self, ip: str) -> str:
        """Adds a spot and then removes this one; returns the id of the execution that does it."""
        return self._link.run(operations.replace(self._link.routes, ip))
