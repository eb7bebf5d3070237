"""Waiting for executions."""

from __future__ import annotations

import math
import sys
import time
from typing import Any, Optional

from .._routes import Routes
from ..exceptions import FaaspotException
from ..types import Execution
from .steps import Operation, Pause, get, mapping

SUCCEEDED = frozenset(("success", "completed"))
FAILED = frozenset(("failure", "failed", "cancelled"))

#: The pause after the first question, when the server answers at once; it doubles up to the interval.
_FIRST_PAUSE_SECONDS = 0.05
#: The longest that the server waits before it answers as it stands.
_LONGEST_WAIT_SECONDS = 60


def outcome(
    routes: Routes, identifier: str, action: str, timeout_ms: float, interval_ms: float
) -> Operation[Any]:
    """The output of an execution once it has succeeded; else its failure is raised. Shows dots meanwhile."""
    execution = yield from ended(routes, identifier, action, timeout_ms, interval_ms, dots=True)
    output = execution["output"]
    if execution["status"].lower() in SUCCEEDED:
        return output
    text = "The execution was cancelled." if output is None else output if isinstance(output, str) else repr(output)
    raise FaaspotException(text, server_traceback=execution.get("traceback"), error_code="execution_failed")


def ended(
    routes: Routes, identifier: str, action: str, timeout_ms: float, interval_ms: float, dots: bool = False
) -> Operation[Execution]:
    """An execution once it has ended, well or not."""
    start = time.monotonic()
    interval, timeout = interval_ms / 1000, timeout_ms / 1000
    pause = _FIRST_PAUSE_SECONDS
    shown = False
    try:
        while True:
            asked = time.monotonic()
            wait = _wait_seconds(min(interval, timeout - (asked - start)))
            execution: Execution = yield from one(routes, identifier, wait)
            if dots and sys.stderr is not None:
                sys.stderr.write(".")
                sys.stderr.flush()
                shown = True
            if execution["status"].lower() in SUCCEEDED | FAILED:
                return execution
            now = time.monotonic()
            if now - start >= timeout:
                minutes, seconds = divmod(int(now - start), 60)
                raise FaaspotException(f"Timeout waiting for {action} completion. Elapsed time: {minutes}:{seconds}")
            # A server that waited itself, as asked, has used up the pause.
            yield Pause(max(0.0, min(min(pause, interval) - (now - asked if wait else 0), timeout - (now - start))))
            pause *= 2
    finally:
        if shown:
            sys.stderr.write("\n")


def one(routes: Routes, identifier: str, wait_seconds: Optional[int] = None) -> Operation[Execution]:
    """An execution as it stands, or as it stands after the server has waited for its end."""
    query = {"wait": str(wait_seconds)} if wait_seconds else {}
    reply = yield from get(routes.path("executions", identifier), query, patience_seconds=wait_seconds or 0)
    found: Execution = mapping(reply.value)
    return found


def _wait_seconds(seconds: float) -> Optional[int]:
    return min(math.floor(seconds), _LONGEST_WAIT_SECONDS) if seconds >= 1 else None
