"""Calls that make and open blobs."""

from __future__ import annotations

from typing import Any

from . import _operations as op
from . import _wire as wire
from ._blobs import Blob, NewBlob, blob_of_handle, new_blob, open_blob
from ._entries import BlobEntry
from ._errors import CreateBlobError, OpenError, raised


class BlobCalls:
    """Blobs by their hashes, and new ones."""

    @raised(CreateBlobError)
    def create_blob(
        self, path: wire.Path | int | None = None, size: int | None = None, *, label: wire.Label | None = None,
        replace: bool = False,
    ) -> NewBlob:  # fmt: skip
        """A blob to be written; raises CreateBlobError.

        With a path, sealing it also links it there, with this label or else the current one. A number is a hint of the size.
        """
        if isinstance(path, int):
            path, size = None, path
        link = None if path is None else (wire.path(path), wire.label(label), replace)
        return new_blob(size, link)

    @raised(OpenError)
    def open_blob(self, name: Any) -> Blob:
        """A blob by its hash, or by the handle of a sealed one or of an entry; raises OpenError."""
        if isinstance(name, str):
            return open_blob(op.BLOB_OPEN_BY_HASH, wire.name(name))
        if isinstance(name, BlobEntry):
            return name.get()
        return blob_of_handle(wire.to_number(wire.handle(name)))
