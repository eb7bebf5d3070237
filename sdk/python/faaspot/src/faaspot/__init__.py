"""Python client of FaaSpot, the functions of a Swiftlet server."""

from ._operations.runs import BulkRun
from ._version import __version__
from .aio import AsyncFaaspot
from .client import Faaspot
from .exceptions import FaaspotClientError, FaaspotException, IllegalExecutionParametersError
from .settings import Settings

__all__ = [
    "AsyncFaaspot",
    "BulkRun",
    "Faaspot",
    "FaaspotClientError",
    "FaaspotException",
    "IllegalExecutionParametersError",
    "Settings",
    "__version__",
]
