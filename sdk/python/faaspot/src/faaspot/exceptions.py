"""What this package raises."""

from __future__ import annotations

from typing import Optional


class FaaspotException(Exception):  # noqa: N818 - the name that programs catch
    """A request, an execution or a local step did not succeed.

    `str()` of it is `404 (Not Found): Not found.` for an answer of the server, else the message alone.
    """

    #: The message alone.
    message: str
    #: The HTTP status; -1 where the server did not answer with an error.
    status_code: int
    #: The HTTP reason phrase, such as `Not Found`; empty where there is no status.
    reason: str
    #: The server's name for the failure, such as `execution_failed`; None where it has none.
    error_code: Optional[str]
    #: The Python traceback of the function that failed; None where there is none.
    server_traceback: Optional[str]

    def __init__(
        self,
        message: str,
        server_traceback: Optional[str] = None,
        status_code: int = -1,
        error_code: Optional[str] = None,
        reason: str = "",
    ) -> None:
        super().__init__(message, server_traceback, status_code, error_code, reason)
        self.message = message
        self.server_traceback = server_traceback
        self.status_code = status_code
        self.error_code = error_code
        self.reason = reason

    def __str__(self) -> str:
        if self.status_code == -1:
            return self.message
        status = f"{self.status_code} ({self.reason})" if self.reason else str(self.status_code)
        return f"{status}: {self.message}"


class FaaspotClientError(FaaspotException):
    """The server refused a request: every answer but 200 raises this."""


class IllegalExecutionParametersError(FaaspotClientError):
    """The arguments of a run are not an object, or those of a bulk run not a list of objects."""

    ERROR_CODE = "illegal_execution_parameters_error"
