"""Executions: what was run, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Optional, Union

from ._operations import executions as operations
from ._operations import waiting
from ._operations.executions import Filter, Time
from ._resource import Resource
from .types import Batch, Execution, LogLine

ExecutionList = list[Execution]
IdentifierList = list[str]


class Executions(Resource):
    """The executions of the server."""

    def list(
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
        return self._link.run(operations.list_executions(self._link.routes, wanted, limit, before)).executions

    def iterate(
        self,
        include_completed: bool = True,
        deployment: Optional[str] = None,
        *,
        status: Union[str, Iterable[str], None] = None,
        created_after: Optional[Time] = None,
        created_before: Optional[Time] = None,
        page_size: int = 100,
    ) -> Iterator[Execution]:
        """Every execution that `list` would give, the newest first, fetched page by page."""
        wanted = Filter(include_completed, deployment, status, created_after, created_before)
        before: Optional[str] = None
        while True:
            page = self._link.run(operations.list_executions(self._link.routes, wanted, page_size, before))
            yield from page.executions
            before = page.next_before
            if before is None:
                return

    def get(
        self,
        uuid: Union[str, IdentifierList, tuple[str, ...]],
        wait: bool = False,
        timeout_ms: float = 600000,
        interval_ms: float = 3000,
    ) -> Any:
        """One execution, or with `wait` its output once it has succeeded. Several ids: as `get_bulk`."""
        return self._link.run(operations.get_execution(self._link.routes, uuid, wait, timeout_ms, interval_ms))

    def get_bulk(self, uuids: Iterable[str]) -> ExecutionList:
        """Those of the executions that exist."""
        return self._link.run(operations.get_bulk(self._link.routes, uuids))

    def wait(self, uuid: str, timeout_ms: float = 600000, interval_ms: float = 3000) -> Execution:
        """An execution once it has ended, as a success or not."""
        return self._link.run(waiting.ended(self._link.routes, uuid, "wait", timeout_ms, interval_ms))

    def cancel(self, uuid: str) -> Execution:
        """Stops an execution and returns it. A finished one stays as it is."""
        return self._link.run(operations.cancel(self._link.routes, uuid))

    def logs(self, uuid: str, follow: bool = False) -> Iterator[LogLine]:
        """What an execution has printed; with `follow`, what it prints, too, until it has ended."""
        routes = self._link.routes
        if follow:
            yield from self._link.follow(operations.followed_logs(routes, uuid))
        else:
            yield from self._link.run(operations.logs(routes, uuid))

    def batch(self, uuid: str) -> Batch:
        """How far a bulk run is. Its id is the `batch` of what `run_bulk` returned."""
        return self._link.run(operations.batch(self._link.routes, uuid))
