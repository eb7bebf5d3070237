"""Entries of directories as objects: what `root().open_at(…)` leads to."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from . import _operations as op
from . import _wire as wire
from ._blobs import Blob, open_blob
from ._errors import CloudCallError, OpenError, raised, refused
from ._images import gate_changes
from ._results import DentKind, Reply, Result, as_reply, as_result, entries, opened, replied

_Self = TypeVar("_Self", bound="DirEntry")


class DirEntry:
    """Something with a handle, `fd`, and a `kind`. As the object of a `with` statement, it is closed at the statement's end."""

    def __init__(self, fd: int, kind: int) -> None:
        self.fd, self.kind = fd, kind

    @raised(OpenError)
    def open(self, name: str) -> Any:
        """The entry of this name, or the facet of this label; raises OpenError."""
        return opened_entry(op.DENT_OPEN, wire.handle(self), wire.name(name))

    def close(self) -> None:
        """Gives the handle back; nothing happens the second time."""
        try:
            wire.ask(op.DENT_CLOSE, wire.handle(self))
        except CloudCallError:
            pass

    def __enter__(self: _Self) -> _Self:
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(fd={self.fd})"


class _Folder(DirEntry):
    """What names are in."""

    @raised(OpenError)
    def open_at(self, path: wire.Path) -> Any:
        """What a path from here leads to; raises OpenError."""
        return opened_entry(op.DENT_OPEN_PATH, wire.handle(self), wire.path(path))

    @as_result
    def link(self, target: Any, name: str) -> Result:
        """Gives a name to something with a handle; a sealed blob becomes an entry with the current label."""
        wire.ask(op.DENT_LINK, wire.handle(self), wire.name(name), wire.handle(target))
        return Result()

    @as_result
    def unlink(self, name: str) -> Result:
        """Removes a name."""
        wire.ask(op.DENT_UNLINK, wire.handle(self), wire.name(name))
        return Result()


class Directory(_Folder):
    """Names, and what they lead to."""

    @refused(None)
    def ls(self) -> dict[str, int] | None:
        """The kind of what each name leads to."""
        return entries(wire.ask(op.DENT_LIST, wire.handle(self)))


class FacetedDirectory(_Folder):
    """A directory for each label."""

    @refused(None)
    def ls(self, clearance: wire.Label | None = None) -> list[dict[str, Any]] | None:
        """The labels of its facets that may flow to the clearance, which is public where none is given."""
        reply = wire.ask(op.DENT_LIST_FACETS, wire.handle(self), wire.label(clearance))
        return [json.loads(label) for label in reply[1::2]]


class File(DirEntry):
    """Bytes that are replaced as a whole."""

    @refused(None)
    def read(self) -> bytes | None:
        return wire.ask(op.DENT_READ, wire.handle(self))[0]

    @refused(False)
    def write(self, data: wire.Data) -> bool:
        wire.ask(op.DENT_UPDATE, wire.handle(self), wire.data(data))
        return True


class BlobEntry(DirEntry):
    """The name of a blob."""

    @raised(OpenError)
    def get(self) -> Blob:
        """The blob; raises OpenError."""
        return open_blob(op.DENT_OPEN_BLOB, wire.handle(self))

    @as_result
    def replace(self, blob: Any) -> Result:
        """Lets it name another blob: a sealed one, or that of another entry."""
        wire.ask(op.DENT_UPDATE, wire.handle(self), wire.handle(blob))
        return Result()


class _Callee(DirEntry):
    """What can be called."""

    def invoke(
        self, payload: Any = b"", sync: bool = True, params: dict[str, str] | None = None, toblob: bool = False
    ) -> Reply:
        """Calls it; with `toblob` the body of the answer is a blob, whose handle is `fd`."""
        return call(wire.handle(self), payload, params, sync=sync, toblob=toblob, by_handle=True)


class Service(_Callee):
    """A request to another system."""


class Gate(_Callee):
    """A function, or another gate, and the privilege that it has."""

    @refused(None)
    def ls(self) -> dict[str, Any] | None:
        """`{"direct": …}` or `{"redirect": …}`."""
        (description,) = wire.ask(op.DENT_DESCRIBE_GATE, wire.handle(self))
        gate = json.loads(description)
        return {"direct" if gate.get("function") else "redirect": gate}

    def update_direct(
        self, privilege: Any = None, invoker_clearance: Any = None, memory: int | None = None, app_image: Any = None,
        runtime: Any = None, kernel: Any = None, *, declassify: Any = None,
    ) -> Result:  # fmt: skip
        """Changes what is given; it must have a function."""
        return self._update(
            privilege=privilege, clearance=invoker_clearance, declassify=declassify,
            memory=memory, app=app_image, runtime=runtime, kernel=kernel,
        )  # fmt: skip

    def update_redirect(
        self, privilege: Any = None, invoker_clearance: Any = None, gate: Any = None, *, declassify: Any = None
    ) -> Result:
        """Changes what is given; it must lead to another gate."""
        return self._update(privilege=privilege, clearance=invoker_clearance, declassify=declassify, gate=gate)

    @as_result
    def _update(self, **changes: Any) -> Result:
        wire.ask(op.DENT_UPDATE, wire.handle(self), wire.encoded(gate_changes(**changes)))
        return Result()


@as_reply
def call(
    callee: bytes, payload: Any, params: dict[str, str] | None = None, *, sync: bool, toblob: bool = False,
    by_handle: bool = False,
) -> Reply:  # fmt: skip
    """Calls a gate or a service, whose path or handle is the field `callee`."""
    if not isinstance(payload, (bytes, bytearray, memoryview, str)):
        payload = wire.encoded(payload)
    flags = wire.byte(sync | toblob << 1 | by_handle << 2)
    parameters = {key: str(value) for key, value in (params or {}).items()}
    return replied(wire.ask(op.INVOKE, flags, callee, wire.data(payload), wire.encoded(parameters)))


_CLASSES: dict[int, type[DirEntry]] = {
    DentKind.DIRECTORY: Directory,
    DentKind.FILE: File,
    DentKind.FACETED_DIRECTORY: FacetedDirectory,
    DentKind.GATE: Gate,
    DentKind.SERVICE: Service,
    DentKind.BLOB: BlobEntry,
}


def opened_entry(operation: int, *fields: bytes) -> DirEntry:
    """The entry that a host call opens."""
    result = opened(wire.ask(operation, *fields))
    return _CLASSES[result.kind](result.fd, result.kind)
