"""The object that functions are given."""

from __future__ import annotations

from ._blobcalls import BlobCalls
from ._errors import Conventions
from ._gates import GateCalls
from ._handles import HandleCalls
from ._keys import KeyCalls
from ._labels import LabelCalls
from ._paths import PathCalls


class CloudCall(LabelCalls, PathCalls, BlobCalls, HandleCalls, GateCalls, KeyCalls):
    """All calls. Every handler is given the same object, whatever its contract."""

    create_unnamed = BlobCalls.create_blob
    open_unnamed = BlobCalls.open_blob
    fs_writefile = PathCalls.fs_write

    @property
    def strict(self) -> bool:
        """Whether refusals are raised as `CloudCallError` instead of returned."""
        return Conventions.strict


#: The one that calls go through.
syscall = CloudCall()
