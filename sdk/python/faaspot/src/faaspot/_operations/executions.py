"""Executions: get, list, cancel, progress of a batch, logs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any, NamedTuple, Optional, Union

from .._routes import Routes
from ..types import Batch, Execution, LogLine
from . import waiting
from .steps import Operation, Request, get, mapping, send, sequence

#: A time: text as the server writes it, or a datetime, which is local time where it has no zone.
Time = Union[str, datetime]


@dataclass(frozen=True)
class Filter:
    """Which executions to list."""

    include_completed: bool = False
    deployment: Optional[str] = None
    status: Union[str, Iterable[str], None] = None
    created_after: Optional[Time] = None
    created_before: Optional[Time] = None

    def query(self, limit: Optional[int], before: Optional[str]) -> dict[str, str]:
        # Whoever names statuses means them, whether they are final ones or not.
        everything = self.include_completed or self.status is not None
        status = self.status if self.status is None or isinstance(self.status, str) else ",".join(self.status)
        pairs = {
            "include_completed": str(bool(everything)),
            "deployment": self.deployment,
            "status": status,
            "created_after": _time(self.created_after),
            "created_before": _time(self.created_before),
            "limit": None if limit is None else str(limit),
            "before": before,
        }
        return {key: value for key, value in pairs.items() if value is not None}


class Page(NamedTuple):
    """Some executions, and the id before which the next page starts; None on the last one."""

    executions: list[Execution]
    next_before: Optional[str]


def page(path: str, query: dict[str, str]) -> Operation[Page]:
    reply = yield from get(path, query)
    return Page(sequence(reply.value), reply.headers.get("x-next-before"))


def list_executions(routes: Routes, wanted: Filter, limit: Optional[int], before: Optional[str]) -> Operation[Page]:
    wanted = replace(wanted, deployment=routes.qualified(wanted.deployment))
    return (yield from page(routes.path("executions", ""), wanted.query(limit, before)))


def get_execution(
    routes: Routes, uuid: Union[str, list[str], tuple[str, ...]], wait: bool, timeout_ms: float, interval_ms: float
) -> Operation[Any]:
    if not isinstance(uuid, str):
        return (yield from get_bulk(routes, uuid))
    if wait:
        return (yield from waiting.outcome(routes, uuid, "get", timeout_ms, interval_ms))
    return (yield from waiting.one(routes, uuid))


def get_bulk(routes: Routes, uuids: Iterable[str]) -> Operation[list[Execution]]:
    answer = yield from send("POST", routes.path("executions", "bulk"), list(uuids), is_repeatable=True)
    found: list[Execution] = sequence(answer)
    return found


def cancel(routes: Routes, uuid: str) -> Operation[Execution]:
    found: Execution = mapping((yield from send("DELETE", routes.path("executions", uuid), is_repeatable=True)))
    return found


def batch(routes: Routes, uuid: str) -> Operation[Batch]:
    found: Batch = mapping((yield from get(routes.path("executions", "batch", uuid))).value)
    return found


def logs(routes: Routes, uuid: str) -> Operation[list[LogLine]]:
    found: list[LogLine] = sequence((yield from get(routes.path("executions", uuid, "logs"))).value)
    return found


def followed_logs(routes: Routes, uuid: str) -> Request:
    """The request whose answer is a stream of events."""
    return Request(
        "GET", routes.path("executions", uuid, "logs"), {"follow": "true"}, headers={"Accept": "text/event-stream"},
        is_repeatable=True)


def _time(time: Optional[Time]) -> Optional[str]:
    if not isinstance(time, datetime):
        return time
    return time.astimezone(timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f+00:00")
