"""When to send a request again, and how long to pause before."""

from __future__ import annotations

import random
import ssl
from collections.abc import Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Optional

import httpx

from ._operations.steps import Request
from .settings import Settings

#: The server has not begun with a request that it answers like this.
_TURNED_AWAY = frozenset((429, 503))
#: A proxy's word that it lost the server: what became of the request is unknown.
_LOST = frozenset((502, 504))
#: Failures from before anything was sent.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Retrying:
    """The retries of one request."""

    def __init__(self, request: Request, settings: Settings) -> None:
        self._request, self._settings = request, settings
        self._made = 0

    def pause_after_failure(self, error: httpx.TransportError) -> Optional[float]:
        """The pause in seconds before the next attempt after one without an answer; None: there is none."""
        if is_distrust(error) or isinstance(error, (httpx.UnsupportedProtocol, httpx.ProxyError)):
            return None
        if not isinstance(error, _NOT_SENT) and not self._request.is_repeatable:
            return None
        return self._next()

    def pause_after_answer(self, status: int, headers: Mapping[str, str]) -> Optional[float]:
        """The pause in seconds before the next attempt after an answer; None: the answer stands."""
        if status in _TURNED_AWAY and "retry-after" in headers:
            asked = retry_after_seconds(headers["retry-after"])
            if asked is None or asked > self._settings.maximum_backoff_seconds:
                return None
            backoff = self._next()
            return None if backoff is None else max(asked, backoff)
        if status in _LOST and self._request.is_repeatable:
            return self._next()
        return None

    def _next(self) -> Optional[float]:
        if self._made >= self._settings.retries:
            return None
        whole = min(self._settings.backoff_seconds * float(2**self._made), self._settings.maximum_backoff_seconds)
        self._made += 1
        return whole * random.uniform(0.5, 1)


def retry_after_seconds(text: str) -> Optional[float]:
    """What a `Retry-After` header asks for, in seconds from now; None where it makes no sense."""
    try:
        seconds = float(text)
    except ValueError:
        try:
            date = parsedate_to_datetime(text)
        except (TypeError, ValueError):
            return None
        date = date if date.tzinfo else date.replace(tzinfo=timezone.utc)
        seconds = (date - datetime.now(timezone.utc)).total_seconds()
    return max(seconds, 0.0) if seconds == seconds else None


def is_distrust(error: BaseException) -> bool:
    """Whether the connection failed over the server's certificate or TLS, which trying again does not mend."""
    cause: Optional[BaseException] = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
