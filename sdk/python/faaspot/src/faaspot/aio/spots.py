"""Spots: the capacity of the server."""

from __future__ import annotations

from typing import Optional, Union

from .._operations import spots as operations
from ..types import Spot, SpotSummary, Workers
from ._resource import AsyncResource

SpotList = list[SpotSummary]


class AsyncSpots(AsyncResource):
    """The spots of the server, each a group of workers."""

    async def list(self) -> SpotList:
        """All spots."""
        return await self._link.run(operations.list_spots(self._link.routes))

    async def get(self, ip: str) -> Spot:
        """One spot."""
        return await self._link.run(operations.get_spot(self._link.routes, ip))

    async def add(
        self,
        provider: Optional[str] = None,
        availability_zone: Optional[str] = None,
        wait: bool = False,
        timeout_ms: float = 600000,
        interval_ms: float = 3000,
    ) -> str:
        """Adds a spot. Returns `Execution id: UUID`, or with `wait` the new spot's address."""
        output: str = await self._link.run(operations.add(
            self._link.routes, provider, availability_zone, wait, timeout_ms, interval_ms))
        return output

    async def remove(
        self, ip: Optional[str] = None, wait: bool = False, timeout_ms: float = 600000, interval_ms: float = 3000
    ) -> str:
        """Removes a spot, the newest where none is named. Returns as `add` does."""
        output: str = await self._link.run(operations.remove(self._link.routes, ip, wait, timeout_ms, interval_ms))
        return output

    async def update(self, min: Union[int, str], max: Union[int, str]) -> Workers:
        """Sets how many workers every spot keeps ready, and has at most."""
        return await self._link.run(operations.update(self._link.routes, min, max))

    async def refresh_ip(
        self, ip: Optional[str] = None, wait: bool = False, timeout_ms: float = 600000, interval_ms: float = 3000
    ) -> str:
        """Gives a spot, or all, a new address. Returns as `add` does."""
        output: str = await self._link.run(operations.refresh_ip(self._link.routes, ip, wait, timeout_ms, interval_ms))
        return output

    async def replace(self, ip: str) -> str:
        """Adds a spot and then removes this one; returns the id of the execution that does it."""
        return await self._link.run(operations.replace(self._link.routes, ip))
