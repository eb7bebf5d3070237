"""Dead letters: queued runs that have failed for good."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Optional

from .._operations import dead_letters as operations
from ..types import Execution
from ._resource import AsyncResource

ExecutionList = list[Execution]


class AsyncDeadLetters(AsyncResource):
    """The dead letters of the server."""

    async def list(
        self, function: Optional[str] = None, *, limit: Optional[int] = None, before: Optional[str] = None
    ) -> ExecutionList:
        """Dead letters, of one function or of all; `limit` and `before`, an id, give one page."""
        return (await self._link.run(operations.list_dead_letters(self._link.routes, function, limit, before))).executions

    async def iterate(self, function: Optional[str] = None, *, page_size: int = 100) -> AsyncIterator[Execution]:
        """All dead letters, of one function or of all, fetched page by page."""
        before: Optional[str] = None
        while True:
            page = await self._link.run(operations.list_dead_letters(self._link.routes, function, page_size, before))
            for execution in page.executions:
                yield execution
            before = page.next_before
            if before is None:
                return

    async def redrive(self, uuid: str) -> str:
        """Queues a dead letter anew; returns the id of the new execution."""
        return await self._link.run(operations.redrive(self._link.routes, uuid))

    async def redrive_all(self, function: Optional[str] = None) -> int:
        """Queues all dead letters anew, of one function or of all; returns how many."""
        return await self._link.run(operations.redrive_all(self._link.routes, function))

    async def purge(self, uuid: str) -> int:
        """Deletes a dead letter; returns how many that were."""
        return await self._link.run(operations.purge(self._link.routes, uuid))

    async def purge_all(self, function: Optional[str] = None) -> int:
        """Deletes all dead letters, of one function or of all; returns how many."""
        return await self._link.run(operations.purge_all(self._link.routes, function))
