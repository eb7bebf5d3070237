"""Calls that take paths."""

from __future__ import annotations

import json
from typing import Any

from swiftlet_runtime import host

from . import _operations as op
from . import _wire as wire
from ._blobs import Blob, open_blob
from ._entries import File
from ._errors import CloudCallError, CreateFileError, OpenError, nothing, raised, refused
from ._results import DentKind


class PathCalls:
    """Files, directories and blobs by their paths."""

    @refused(None)
    def fs_read(self, path: wire.Path) -> bytes | None:
        """The bytes of a file."""
        return wire.ask(op.FS_READ, wire.path(path))[0]

    @refused(False)
    def fs_write(self, path: wire.Path, data: wire.Data) -> bool:
        """Replaces all bytes of a file."""
        wire.ask(op.FS_WRITE, wire.path(path), wire.data(data))
        return True

    @refused(nothing)
    def fs_list(self, path: wire.Path) -> dict[str, list[str]]:
        """The names in a directory, sorted."""
        return {"names": [name.decode() for name in wire.ask(op.FS_LIST, wire.path(path))[::2]]}

    @refused("{}")
    def fs_faceted_list(self, path: wire.Path) -> str:
        """The facets that may be seen with the current label, and the names in each, as JSON."""
        reply = wire.ask(op.FS_LIST_FACETED, wire.path(path))
        facets = {
            label.decode(): {"names": [name.decode() for name in host.split(names)]}
            for label, names in zip(reply[::2], reply[1::2], strict=True)
        }
        return json.dumps({"facets": facets})

    @refused(False)
    def fs_createdir(self, path: wire.Path, label: wire.Label | None = None) -> bool:
        """Makes a directory, with the current label where none is given."""
        wire.ask(op.FS_CREATE_DIR, wire.path(path), wire.label(label))
        return True

    @refused(False)
    def fs_createfile(self, path: wire.Path, label: wire.Label | None = None) -> bool:
        """Makes an empty file, with the current label where none is given."""
        self._create_file(path, label).close()
        return True

    @raised(CreateFileError)
    def create_file(self, path: wire.Path, label: wire.Label | None = None) -> File:
        """Makes an empty file and opens it; raises CreateFileError."""
        return self._create_file(path, label)

    def _create_file(self, path: wire.Path, label: wire.Label | None) -> File:
        (handle,) = wire.ask(op.FS_CREATE_FILE, wire.path(path), wire.label(label))
        return File(wire.to_number(handle), DentKind.FILE)

    @refused(False)
    def fs_createfaceted(self, path: wire.Path) -> bool:
        """Makes a faceted directory."""
        wire.ask(op.FS_CREATE_FACETED, wire.path(path))
        return True

    @refused(False)
    def fs_delete(self, path: wire.Path) -> bool:
        """Removes a name."""
        wire.ask(op.FS_DELETE, wire.path(path))
        return True

    @refused(False)
    def fs_hardlink(self, src: wire.Path, dest: wire.Path) -> bool:
        """Gives what a path leads to another name."""
        wire.ask(op.FS_HARD_LINK, wire.path(src), wire.path(dest))
        return True

    @raised(OpenError)
    def fs_openblob(self, path: wire.Path) -> Blob:
        """The blob that an entry names; raises OpenError."""
        return open_blob(op.FS_OPEN_BLOB, wire.path(path))

    @refused(False)
    def fs_linkblob(self, path: wire.Path, blobname: Any, label: wire.Label | None = None) -> bool:
        """Makes an entry of a blob that is known by its hash, with the current label where none is given."""
        digest = blobname if isinstance(blobname, str) else getattr(blobname, "hash", None)
        if digest is None:
            raise CloudCallError("Malformed")
        wire.ask(op.FS_LINK_BLOB, wire.path(path), wire.name(digest), wire.label(label))
        return True
