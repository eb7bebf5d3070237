"""What this package raises."""

from __future__ import annotations


class _AwayError(Exception):
    """A failure with one sentence about it."""

    #: What went wrong.
    message: str

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class EnsureException(_AwayError):  # noqa: N818 - the name that programs catch
    """Something that was asked to hold does not: the gateway's health, a login, a function, a publishable source."""


class FaasReturnedError(_AwayError):
    """The gateway or a function answered with an error."""

    #: The HTTP status; None where an answer came but says in its own way that something failed.
    status: int | None

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class FaasServiceUnavailableException(_AwayError):  # noqa: N818 - the name that programs catch
    """No connection to the gateway, or one that broke before the answer was there."""


class FaasFunctionTimedOutError(_AwayError):
    """A function did not answer in time: the gateway's word (status 502), or the caller's own `timeout`."""


class ResultTypeError(_AwayError, TypeError):
    """A function's result is not of the type that its caller asked for."""
