"""Executions: what was run, and what became of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any, Optional, Union

from .._operations import executions as operations
from .._operations import waiting
from .._operations.executions import Filter, Time
from ..types import Batch, Execution, LogLine
from ._resource import AsyncResource

ExecutionList = list[Execution]
IdentifierList = list[str]


class AsyncExecutions(AsyncResource):
    """The executions of the server."""

    async def list(
        self,
        include_completed: bool = False,
        deployment: Optional[str] = None,
        *,
        status: Union[str, Iterable[str], None] = None,
        created_after: Optional[Time] = None,
        created_before: Optional[Time] = None,
        limit: Optional[int] = None,
        before: Optional[str] = None,
    ) -> ExecutionList:
        """Executions, the newest first: those not finished, or all, or those of a `status` (one or several).

        `deployment` is a function's name. `limit` and `before`, an execution's id, give one page; see `iterate`.
        """
        wanted = Filter(include_completed, deployment, status, created_after, created_before)
        return (await self._link.run(operations.list_executions(self._link.routes, wanted, limit, before))).executions

    async def iterate(
        self,
        include_completed: bool = True,
        deployment: Optional[str] = None,
        *,
        status: Union[str, Iterable[str], None] = None,
        created_after: Optional[Time] = None,
        created_before: Optional[Time] = None,
        page_size: int = 100,
    ) -> AsyncIterator[Execution]:
        """Every execution that `list` would give, the newest first, fetched page by page."""
        wanted = Filter(include_completed, deployment, status, created_after, created_before)
        before: Optional[str] = None
        while True:
            page = await self._link.run(operations.list_executions(self._link.routes, wanted, page_size, before))
            for execution in page.executions:
                yield execution
            before = page.next_before
            if before is None:
                return

    async def get(
        self,
        uuid: Union[str, IdentifierList, tuple[str, ...]],
        wait: bool = False,
        timeout_ms: float = 600000,
        interval_ms: float = 3000,
    ) -> Any:
        """One execution, or with `wait` its output once it has succeeded. Several ids: as `get_bulk`."""
        return await self._link.run(operations.get_execution(self._link.routes, uuid, wait, timeout_ms, interval_ms))

    async def get_bulk(self, uuids: Iterable[str]) -> ExecutionList:
        """Those of the executions that exist."""
        return await self._link.run(operations.get_bulk(self._link.routes, uuids))

    async def wait(self, uuid: str, timeout_ms: float = 600000, interval_ms: float = 3000) -> Execution:
        """An execution once it has ended, as a success or not."""
        return await self._link.run(waiting.ended(self._link.routes, uuid, "wait", timeout_ms, interval_ms))

    async def cancel(self, uuid: str) -> Execution:
        """Stops an execution and returns it. A finished one stays as it is."""
        return await self._link.run(operations.cancel(self._link.routes, uuid))

    async def logs(self, uuid: str, follow: bool = False) -> AsyncIterator[LogLine]:
        """What an execution has printed; with `follow`, what it prints, too, until it has ended."""
        routes = self._link.routes
        if follow:
            async for piece in self._link.follow(operations.followed_logs(routes, uuid)):
                yield piece
        else:
            for piece in await self._link.run(operations.logs(routes, uuid)):
                yield piece

    async def batch(self, uuid: str) -> Batch:
        """How far a bulk run is. Its id is the `batch` of what `run_bulk` returned."""
        return await self._link.run(operations.batch(self._link.routes, uuid))
