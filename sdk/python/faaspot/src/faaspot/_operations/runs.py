"""Runs of functions."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Optional
from urllib.parse import urlencode

from .._parameters import Parameters, parse
from .._routes import Routes
from ..exceptions import FaaspotException
from .steps import Operation, Reply, Request, sequence, uuid

#: Longer arguments travel in the body: addresses have limits on their way.
_MAXIMUM_QUERY_CHARACTERS = 4096


@dataclass(frozen=True)
class RunOptions:
    """How an asynchronous run is queued."""

    idempotency_key: Optional[str] = None
    delay: Optional[float] = None
    priority: Optional[int] = None
    max_age: Optional[float] = None
    callback_url: Optional[str] = None

    def headers(self) -> dict[str, str]:
        """The headers that say so. A key is made where none is given, so that the request can be sent again."""
        pairs = {
            "Idempotency-Key": self.idempotency_key or str(uuids.uuid4()),
            "X-Swiftlet-Delay": _decimal(self.delay),
            "X-Swiftlet-Priority": _decimal(self.priority),
            "X-Swiftlet-Max-Age": _decimal(self.max_age),
            "X-Callback-Url": self.callback_url,
        }
        return {name: value for name, value in pairs.items() if value is not None}


class BulkRun(list[str]):
    """The ids of the executions of a bulk run, in the order of its arguments."""

    #: The id of the whole, for `executions.batch`; None where the server gives none.
    batch: Optional[str] = None


def run(routes: Routes, name: str, parameters: Parameters, wait: bool, options: RunOptions) -> Operation[Any]:
    """Queues a run and returns its id, or runs at once and returns the result."""
    arguments = parse(parameters)
    if not wait:
        reply: Reply = yield Request(
            "POST", routes.run(name), body=arguments, has_body=True, headers=options.headers(), is_repeatable=True)
        return uuid(reply.value)
    if options != RunOptions():
        raise FaaspotException("A run that is waited for starts at once: it takes no key, delay, priority, age or callback.")
    request = Request("POST", routes.run_and_wait(name), body=arguments, has_body=True, patience_seconds=None)
    if all(isinstance(part, str) for pair in arguments.items() for part in pair):
        if len(urlencode(arguments)) <= _MAXIMUM_QUERY_CHARACTERS:
            request = Request("GET", routes.run_and_wait(name), arguments, patience_seconds=None)
    reply = yield request
    return reply.value


def run_bulk(routes: Routes, name: str, parameters: Iterable[Parameters], options: RunOptions) -> Operation[BulkRun]:
    """Queues a run for each of the arguments, all or none."""
    groups = [parse(each) for each in parameters]
    reply: Reply = yield Request(
        "POST", routes.run_in_bulk(name), body=groups, has_body=True, headers=options.headers(), is_repeatable=True)
    made = BulkRun(sequence(reply.value))
    made.batch = reply.headers.get("x-swiftlet-batch")
    return made


def _decimal(number: Optional[float]) -> Optional[str]:
    if number is None:
        return None
    return str(number) if isinstance(number, int) else f"{number:.6f}".rstrip("0").rstrip(".")
