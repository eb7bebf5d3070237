"""Python functions that run on a Swiftlet server or another OpenFaaS gateway."""

from . import builder, common_utils, exceptions, protocol
from ._calling import CallOptions, Retries
from ._proxy import AsyncProxy, SyncProxy
from ._version import __version__
from .builder import faas_function
from .FaasConnection import FaasConnection

__all__ = [
    "AsyncProxy",
    "CallOptions",
    "FaasConnection",
    "Retries",
    "SyncProxy",
    "__version__",
    "builder",
    "common_utils",
    "exceptions",
    "faas_function",
    "protocol",
]
