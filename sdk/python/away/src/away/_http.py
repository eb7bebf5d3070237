"""Requests to one gateway over connections that are kept for the next request. Threads may share it."""

from __future__ import annotations

import base64
import os
import threading
import time
import weakref
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from ._connection import Connection, Reply
from ._version import __version__
from .exceptions import FaasServiceUnavailableException

#: How long connecting may take, in seconds.
CONNECT_SECONDS = 10.0
#: Connections that rest for longer are closed: servers and routers on the way forget them too.
IDLE_SECONDS = 15.0
#: How many connections rest at most; more are opened when needed.
MAXIMUM_IDLE = 64


class NotReachedError(FaasServiceUnavailableException):
    """No connection could be made: nothing was sent."""


class SilenceError(FaasServiceUnavailableException):
    """The time for the answer is over. What became of the request is unknown."""


class Transport:
    """The connections to one address."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._host, self._port = _host_and_port(address)
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._idle: list[tuple[Connection, float]] = []
        # Programs need not close anything.
        weakref.finalize(self, _close_all, self._idle)

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = {}, timeout: float | None = None,
    ) -> Reply:
        """Sends a request and reads its answer. With `timeout`, the answer must begin within so many seconds and never pause for longer.

        Raises `FaasServiceUnavailableException`, or one of its two kinds above.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        proxy = self._proxy()
        target = path if proxy is None else f"http://{self.address}{path}"
        connection = self._take() or self._connect(proxy, deadline)
        try:
            reply = _exchange(connection, method, target, body, {**self._headers(proxy), **headers}, deadline)
        except TimeoutError as error:
            connection.close()
            raise SilenceError(f"{self._where} did not answer in {timeout} s") from error
        except OSError as error:
            connection.close()
            raise FaasServiceUnavailableException(f"The connection to {self._where} broke: {_reason(error)}") from error
        except BaseException:
            connection.close()
            raise
        self._give(connection) if connection.is_reusable else connection.close()
        return reply

    def close(self) -> None:
        """Closes the resting connections. The transport can be used again."""
        with self._lock:
            _close_all(self._idle)

    @property
    def _where(self) -> str:
        return f"the gateway at http://{self.address}"

    def _proxy(self) -> str | None:
        """The proxy that the environment names, never one to this machine."""
        host = self._host
        if host in ("localhost", "::1") or host.startswith("127.") or proxy_bypass(host):
            return None
        proxies = getproxies()
        return proxies.get("http") or proxies.get("all")

    def _headers(self, proxy: str | None) -> dict[str, str]:
        # Nothing on the way is to pack the answer: it is short, and read as it comes.
        headers = {"Host": self.address, "Accept-Encoding": "identity", "User-Agent": f"away/{__version__}"}
        if proxy is None:
            return headers
        parts = urlsplit(proxy)
        if parts.username:
            login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers["Proxy-Authorization"] = basic(login)
        return headers

    def _take(self) -> Connection | None:
        """A resting connection that the other side has not closed."""
        with self._lock:
            if self._process != os.getpid():
                # After a fork the connections are the parent's.
                self._process = os.getpid()
                _close_all(self._idle)
            while self._idle:
                connection, since = self._idle.pop()
                if time.monotonic() - since < IDLE_SECONDS and connection.is_quiet():
                    return connection
                connection.close()
        return None

    def _give(self, connection: Connection) -> None:
        with self._lock:
            if len(self._idle) < MAXIMUM_IDLE:
                self._idle.append((connection, time.monotonic()))
                return
        connection.close()

    def _connect(self, proxy: str | None, deadline: float | None) -> Connection:
        host, port = (self._host, self._port) if proxy is None else _host_and_port(urlsplit(proxy).netloc.rpartition("@")[2])
        seconds = CONNECT_SECONDS if deadline is None else max(0.001, min(CONNECT_SECONDS, deadline - time.monotonic()))
        try:
            return Connection(host, port, seconds)
        except OSError as error:
            raise NotReachedError(f"No connection to {self._where}: {_reason(error)}") from error


def basic(login: str) -> str:
    """The value of the `Authorization` header for `USER:PASSWORD`."""
    return "Basic " + base64.b64encode(login.encode()).decode("ascii")


def _close_all(resting: list[tuple[Connection, float]]) -> None:
    while resting:
        resting.pop()[0].close()


def _exchange(
    connection: Connection, method: str, target: str, body: bytes | None, headers: Mapping[str, str], deadline: float | None,
) -> Reply:
    connection.stream.settimeout(_remaining(deadline))
    try:
        connection.send(method, target, headers, body)
    except (BrokenPipeError, ConnectionResetError):
        # A server may answer, and close, before it has read all of a body that it refuses.
        reply = connection.receive()
        connection.is_reusable = False
        return reply
    if deadline is not None:
        connection.stream.settimeout(_remaining(deadline))
    return connection.receive()


def _remaining(deadline: float | None) -> float | None:
    """The seconds until then, for a socket; None: no limit."""
    if deadline is None:
        return None
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise TimeoutError
    return remaining


def _host_and_port(address: str) -> tuple[str, int]:
    host, separator, port = address.rpartition(":")
    if not separator or host.endswith(":") or port.endswith("]"):
        host, port = address, ""
    return host.strip("[]"), int(port or 80)


def _reason(error: BaseException) -> str:
    return str(error) or type(error).__name__
