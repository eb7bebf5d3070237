"""Sends the requests of operations, awaiting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, Optional, TypeVar

import httpx

from .. import _connection, _wire
from .._connection import Connection
from .._events import LogEvents
from .._operations.steps import Operation, Pause, Reply, Request
from .._retrying import Retrying
from .._routes import Routes
from ..settings import Settings
from ..types import LogLine

Result = TypeVar("Result")


class AsyncLink:
    """The way to one server. Where it leads is looked up when it is first used; tasks of one loop may share it.

    In another loop, such as that of a second `asyncio.run`, it opens new connections: those of the first one are dead.
    """

    def __init__(self, resolve: Callable[[], Connection] = _connection.active, settings: Settings = Settings()) -> None:  # noqa: B008
        self._resolve, self._settings = resolve, settings
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        self._opened: Optional[tuple[Connection, httpx.AsyncClient]] = None
        self._retired: list[httpx.AsyncClient] = []

    @property
    def connection(self) -> Connection:
        return self._open()[0]

    @property
    def routes(self) -> Routes:
        connection = self.connection
        return Routes(connection.prefix, connection.application)

    async def run(self, operation: Operation[Result]) -> Result:
        """Performs an operation and returns its result."""
        answer: Optional[Reply] = None
        try:
            while True:
                step = operation.send(answer)
                if isinstance(step, Pause):
                    await asyncio.sleep(step.seconds)
                    answer = None
                else:
                    answer = await self._exchange(step)
        except StopIteration as end:
            result: Result = end.value
            return result
        finally:
            operation.close()

    async def follow(self, request: Request) -> AsyncIterator[LogLine]:
        """The pieces of a log as they come, until its execution has ended."""
        connection, client = self._open()
        events = LogEvents()
        try:
            async with client.stream(**_wire.request_options(request, self._settings)) as response:
                if response.status_code != 200:
                    await response.aread()
                    _wire.reply(response)
                async for line in response.aiter_lines():
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
        if self._opened:
            self._retired.append(self._opened[1])
        self._opened = None

    async def close(self) -> None:
        """Closes the connections. The link can be used again."""
        self.forget()
        retired, self._retired = self._retired, []
        for client in retired:
            await client.aclose()

    def _open(self) -> tuple[Connection, httpx.AsyncClient]:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._opened = loop, None
            self._retired.clear()
        if self._opened is None:
            connection = self._resolve()
            transport = httpx.AsyncHTTPTransport(**_wire.transport_options(connection))
            client = httpx.AsyncClient(transport=transport, **_wire.client_options(connection, self._settings))
            self._opened = connection, client
        return self._opened

    async def _exchange(self, request: Request) -> Reply:
        connection, client = self._open()
        options: dict[str, Any] = _wire.request_options(request, self._settings)
        retrying = Retrying(request, self._settings)
        while True:
            message = client.build_request(**options)
            watch = _wire.Stopwatch(message)
            try:
                response = await client.send(message)
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
            await asyncio.sleep(pause)
