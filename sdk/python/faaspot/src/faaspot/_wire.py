"""What the client that blocks and the one that awaits share of sending requests over HTTP."""

from __future__ import annotations

import json
import logging
import socket
import ssl
import time
from typing import Any, Optional
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from . import _answers
from ._connection import Connection
from ._operations.steps import Reply, Request
from ._retrying import is_distrust
from ._version import __version__
from .exceptions import FaaspotException
from .settings import Settings

logger = logging.getLogger("faaspot")


def transport_options(connection: Connection) -> dict[str, Any]:
    """The arguments of httpx's transports for this connection."""
    return {
        "verify": _verification(connection),
        "proxy": _proxy(connection),
        # A blocking run may be silent for long: only so is a server noticed that is gone.
        "socket_options": _keep_alive_options(),
        "limits": httpx.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=15.0),
        "trust_env": False,
    }


def client_options(connection: Connection, settings: Settings) -> dict[str, Any]:
    """The other arguments of httpx's clients."""
    headers = {
        # Even where there is no body: servers of the original want it so.
        "Content-Type": "application/json",
        "Accept": "application/json",
        "User-Agent": f"faaspot-python/{__version__}",
    }
    if connection.authorization:
        headers["Authorization"] = connection.authorization
    return {
        "base_url": connection.url,
        "headers": headers,
        "timeout": httpx.Timeout(
            connect=settings.connect_seconds, read=settings.read_seconds, write=settings.read_seconds, pool=None),
        "follow_redirects": False,
        "trust_env": False,
    }


def request_options(request: Request, settings: Settings) -> dict[str, Any]:
    """The arguments of `build_request` for this request."""
    options: dict[str, Any] = {"method": request.method, "url": request.path, "headers": dict(request.headers)}
    if request.query:
        options["params"] = dict(request.query)
    if request.has_body:
        options["content"] = _encode(request.body)
    elif request.method == "DELETE":
        options["headers"]["Content-Length"] = "0"
    silence = None if request.patience_seconds is None else settings.read_seconds + request.patience_seconds
    options["timeout"] = httpx.Timeout(
        connect=settings.connect_seconds, read=silence, write=settings.read_seconds, pool=None)
    return options


def reply(response: httpx.Response) -> Reply:
    """The value in an answer that was read; what is no success is raised."""
    return _answers.reply(
        response.status_code, response.reason_phrase, response.headers, response.content, str(response.request.url))


def failure(error: httpx.HTTPError, connection: Connection) -> FaaspotException:
    """The failure for a request without an answer."""
    return FaaspotException(f"Failed to connect to FaaSpot server at {connection.url}: {_reason(error)}")


class Stopwatch:
    """Tells the log about a request and its answer. Queries, which hold arguments, are left out."""

    def __init__(self, request: httpx.Request) -> None:
        self._start = time.monotonic()
        self._what = f"{request.method} {urlsplit(str(request.url)).path}"

    def stop(self, response: httpx.Response) -> None:
        milliseconds = (time.monotonic() - self._start) * 1000
        logger.debug("%s: %d in %.0f ms", self._what, response.status_code, milliseconds)

    def fail(self, error: httpx.HTTPError) -> None:
        logger.debug("%s: %s", self._what, _reason(error))


def _encode(body: Any) -> bytes:
    try:
        return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")
    except (TypeError, ValueError) as error:
        raise FaaspotException(f"The arguments cannot be sent as JSON: {error}") from error


def _verification(connection: Connection) -> ssl.SSLContext:
    if connection.trust_all:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    if not connection.certificate:
        # The well-known authorities, and those that this system trusts beside.
        context = httpx.create_ssl_context()
        context.load_default_certs()
        return context
    try:
        return ssl.create_default_context(cafile=connection.certificate)
    except OSError as error:
        reason = error.strerror or error
        raise FaaspotException(f"Cannot read the certificate `{connection.certificate}` of the profile: {reason}") from error


def _proxy(connection: Connection) -> Optional[str]:
    """The proxy that the environment names, never one to a server on this machine."""
    host = connection.address.host
    if connection.is_local or proxy_bypass(host):
        return None
    proxies = getproxies()
    return proxies.get(connection.address.protocol) or proxies.get("all")


def _keep_alive_options() -> list[tuple[int, int, int]]:
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1), (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
    for name, value in (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4)):
        if hasattr(socket, name):
            options.append((socket.IPPROTO_TCP, getattr(socket, name), value))
    return options


def _reason(error: httpx.HTTPError) -> str:
    if is_distrust(error):
        return f"the server's certificate is not trusted, or it does not speak HTTPS ({error})"
    if isinstance(error, httpx.ConnectTimeout):
        return "connecting took too long"
    if isinstance(error, httpx.TimeoutException):
        return "the server was silent for too long"
    return str(error) or type(error).__name__
