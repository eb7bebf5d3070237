"""What calls with handles return: whether they succeeded, and what came of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import IntEnum
from typing import Any

from ._errors import CloudCallError, refused
from ._wire import to_number


class DentKind(IntEnum):
    """What an entry of a directory is."""

    DIRECTORY = 0
    FILE = 1
    FACETED_DIRECTORY = 2
    GATE = 3
    SERVICE = 4
    BLOB = 5


class HttpVerb(IntEnum):
    """How a service asks."""

    HEAD = HttpHead = 0
    GET = HttpGet = 1
    POST = HttpPost = 2
    PUT = HttpPut = 3
    DELETE = HttpDelete = 4


class Result:
    """`success`, and the code `error` where there is none; `fd` and `kind` of what was made or opened; `entries` of a list."""

    def __init__(
        self, success: bool = True, error: str | None = None, *,
        fd: int | None = None, kind: int | None = None, entries: dict[str, int] | None = None,
    ) -> None:  # fmt: skip
        self.success, self.error = success, error
        self.fd, self.kind, self.entries = fd, kind, entries

    def __repr__(self) -> str:
        known = [f"{name}={value!r}" for name, value in vars(self).items() if value is not None]
        return f"{type(self).__name__}({', '.join(known)})"


class Reply(Result):
    """What a gate or a service answered. Of an asynchronous call there is only its `invocation_id`."""

    def __init__(
        self, success: bool = False, error: str | None = None, *, status: int = 0, headers: dict[str, bytes] | None = None,
        data: bytes = b"", fd: int | None = None, invocation_id: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(success, error, fd=fd)
        self.status, self.headers, self.data, self.invocation_id = status, headers or {}, data, invocation_id


def opened(reply: list[bytes]) -> Result:
    """Of something with a handle and a kind."""
    return Result(fd=to_number(reply[0]), kind=reply[1][0])


def replied(reply: list[bytes]) -> Reply:
    """Of a call."""
    success, status, headers, body, blob, invocation = reply
    return Reply(
        success != b"\0",
        status=to_number(status),
        headers={key: value.encode() for key, value in json.loads(headers or b"{}").items()},
        data=body,
        fd=to_number(blob) or None,
        invocation_id=invocation.decode() or None,
    )


def entries(reply: list[bytes]) -> dict[str, int]:
    """The names of a directory, each with its kind."""
    return {name.decode(): kind[0] for name, kind in zip(reply[::2], reply[1::2], strict=True)}


def _refused_result(error: CloudCallError) -> Result:
    return Result(False, error.code)


def _refused_reply(error: CloudCallError) -> Reply:
    return Reply(False, error.code)


_Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
#: Makes refusals results.
as_result: _Decorator = refused(_refused_result)
#: Makes refusals replies.
as_reply: _Decorator = refused(_refused_reply)
