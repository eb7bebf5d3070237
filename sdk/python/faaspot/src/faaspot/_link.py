"""Sends the requests of operations, blocking."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Optional, TypeVar

import httpx

from . import _connection, _wire
from ._connection import Connection
from ._events import LogEvents
from ._operations.steps import Operation, Pause, Reply, Request
from ._retrying import Retrying
from ._routes import Routes
from .settings import Settings
from .types import LogLine

Result = TypeVar("Result")


class Link:
    """The way to one server. Where it leads is looked up when it is first used; threads may share it."""

    def __init__(self, resolve: Callable[[], Connection] = _connection.active, settings: Settings = Settings()) -> None:  # noqa: B008
        self._resolve, self._settings = resolve, settings
        self._lock = threading.Lock()
        self._opened: Optional[tuple[Connection, httpx.Client]] = None
        self._retired: list[httpx.Client] = []

    @property
    def connection(self) -> Connection:
        return self._open()[0]

    @property
    def routes(self) -> Routes:
        connection = self.connection
        return Routes(connection.prefix, connection.application)

    def run(self, operation: Operation[Result]) -> Result:
        """Performs an operation and returns its result."""
        answer: Optional[Reply] = None
        try:
            while True:
                step = operation.send(answer)
                if isinstance(step, Pause):
                    time.sleep(step.seconds)
                    answer = None
                else:
                    answer = self._exchange(step)
        except StopIteration as end:
            result: Result = end.value
            return result
        finally:
            operation.close()

    def follow(self, request: Request) -> Iterator[LogLine]:
        """The pieces of a log as they come, until its execution has ended."""
        connection, client = self._open()
        events = LogEvents()
        try:
            with client.stream(**_wire.request_options(request, self._settings)) as response:
                if response.status_code != 200:
                    response.read()
                    _wire.reply(response)
                for line in response.iter_lines():
                    piece = events.feed(line)
                    if piece is not None:
                        yield piece
                    if events.has_ended:
                        return
        except httpx.HTTPError as error:
            raise _wire.failure(error, connection) from error
        events.check()

    def forget(self) -> None:
        """Makes the next request look up anew where to go. Requests under way are not disturbed."""
        with self._lock:
            if self._opened:
                self._retired.append(self._opened[1])
            self._opened = None

    def close(self) -> None:
        """Closes the connections. The link can be used again."""
        self.forget()
        with self._lock:
            retired, self._retired = self._retired, []
        for client in retired:
            client.close()

    def _open(self) -> tuple[Connection, httpx.Client]:
        with self._lock:
            if self._opened is None:
                connection = self._resolve()
                transport = httpx.HTTPTransport(**_wire.transport_options(connection))
                client = httpx.Client(transport=transport, **_wire.client_options(connection, self._settings))
                self._opened = connection, client
            return self._opened

    def _exchange(self, request: Request) -> Reply:
        connection, client = self._open()
        options: dict[str, Any] = _wire.request_options(request, self._settings)
        retrying = Retrying(request, self._settings)
        while True:
            message = client.build_request(**options)
            watch = _wire.Stopwatch(message)
            try:
                response = client.send(message)
            except httpx.TransportError as error:
                watch.fail(error)
                pause = retrying.pause_after_failure(error)
                if pause is None:
                    raise _wire.failure(error, connection) from error
            else:
                watch.stop(response)
                pause = retrying.pause_after_answer(response.status_code, response.headers)
                if pause is None:
                    return _wire.reply(response)
            time.sleep(pause)
