"""How calls are refused: a code, and who turns it into a value."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

#: What the first byte of a reply stands for, from 1.
CODES = (
    "BadPath", "NotADir", "NotAFacetedDir", "NotAFile", "NotABlob", "NotAGate", "NotAService", "LinkExists",
    "DoesNotExist", "InvalidHandle", "Malformed", "GateLoop", "QuotaExceeded", "ServiceFailed", "Busy", "Denied",
)  # fmt: skip


class CloudCallError(Exception):
    """A call was refused; `code` says why, as far as the caller may know."""

    def __init__(self, code: str, subject: Any = None) -> None:
        super().__init__(code if subject is None else f"{code}: {subject}")
        self.code = code


class OpenError(CloudCallError, RuntimeError):
    """What was to be opened could not be."""


class CreateBlobError(CloudCallError, RuntimeError):
    """A blob could not be made, or not all that was written is in it."""


class ReadBlobError(CloudCallError, RuntimeError):
    """A blob could not be read."""


class CreateFileError(CloudCallError, RuntimeError):
    """A file could not be made."""


class Conventions:
    """What a gate's settings say about refusals."""

    #: Whether refusals are raised instead of returned.
    strict = False


def raised(kind: type[CloudCallError]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Makes a refusal an exception of this kind, which tells what was asked for first."""

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def call(self: Any, *arguments: Any, **named: Any) -> Any:
            try:
                return method(self, *arguments, **named)
            except CloudCallError as error:
                raise error if isinstance(error, kind) else kind(error.code, *arguments[:1]) from None

        return call

    return decorate


def refused(value: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Makes a refusal the value, or what it makes of the exception when it can be called. Strict gates get the exception."""

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def call(*arguments: Any, **named: Any) -> Any:
            try:
                return method(*arguments, **named)
            except CloudCallError as error:
                if Conventions.strict:
                    raise
                return value(error) if callable(value) else value

        return call

    return decorate


def nothing(_: CloudCallError) -> dict[str, Any]:
    """An empty object."""
    return {}
