"""Calls that take handles."""

from __future__ import annotations

from typing import Any

from . import _operations as op
from . import _wire as wire
from ._entries import Directory
from ._errors import CloudCallError
from ._images import gate_changes
from ._results import DentKind, HttpVerb, Result, as_result, entries, opened


class HandleCalls:
    """Entries by their handles. What is made is invisible until it is linked, and gone with the call if it never is."""

    def root(self) -> Directory:
        """The root."""
        return Directory(0, DentKind.DIRECTORY)

    @as_result
    def open_at(self, dent: Any, name: str) -> Result:
        """Opens what a name leads to."""
        return opened(wire.ask(op.DENT_OPEN, wire.handle(dent), wire.name(name)))

    def open_at_facet(self, dent: Any, name: Any) -> Result:
        """Opens the facet of a label."""
        return self.open_at(dent, name)

    @as_result
    def dent_list(self, fd: Any) -> Result:
        """The names of a directory."""
        return Result(entries=entries(wire.ask(op.DENT_LIST, wire.handle(fd))))

    @as_result
    def link(self, dir_fd: Any, target_fd: Any, name: str) -> Result:
        """Gives a name to something."""
        wire.ask(op.DENT_LINK, wire.handle(dir_fd), wire.name(name), wire.handle(target_fd))
        return Result()

    @as_result
    def unlink(self, dir_fd: Any, name: str) -> Result:
        """Removes a name."""
        wire.ask(op.DENT_UNLINK, wire.handle(dir_fd), wire.name(name))
        return Result()

    def dent_create_dir(self, label: wire.Label | None) -> Result:
        """A directory; `T,T` is the label where there is none."""
        return _create(DentKind.DIRECTORY, label)

    def dent_create_file(self, label: wire.Label | None) -> Result:
        """An empty file."""
        return _create(DentKind.FILE, label)

    def dent_create_faceted(self) -> Result:
        """A faceted directory."""
        return _create(DentKind.FACETED_DIRECTORY, None)

    @as_result
    def dent_create_blob(self, label: wire.Label | None, blobfd: Any) -> Result:
        """The entry of a sealed blob, or of the blob of another entry."""
        return _created(DentKind.BLOB, label, wire.handle(blobfd))

    @as_result
    def dent_create_direct_gate(
        self, label: wire.Label | None, privilege: Any, invoker_clearance: Any, memory: int, app_image: Any,
        runtime: Any = "python", kernel: Any = None, *, declassify: Any = None,
    ) -> Result:  # fmt: skip
        """A gate with a function."""
        gate = gate_changes(
            privilege=privilege, clearance=invoker_clearance, declassify=declassify,
            memory=memory, app=app_image, runtime=runtime, kernel=kernel,
        )  # fmt: skip
        return _created(DentKind.GATE, label, wire.encoded(gate))

    @as_result
    def dent_create_redirect_gate(
        self, label: wire.Label | None, privilege: Any, invoker_clearance: Any, gate: Any, *, declassify: Any = None
    ) -> Result:
        """A gate that leads to another one."""
        parts = gate_changes(privilege=privilege, clearance=invoker_clearance, declassify=declassify, gate=gate)
        return _created(DentKind.GATE, label, wire.encoded(parts))

    @as_result
    def dent_create_service(
        self, label: wire.Label | None, privilege: Any, invoker_integrity_clearance: Any, taint: wire.Label, url: str,
        verb: int | str, headers: dict[str, str | bytes] | None = None,
    ) -> Result:  # fmt: skip
        """A request to another system."""
        service = {
            "privilege": privilege, "clearance": invoker_integrity_clearance, "taint": taint, "url": url, "verb": _verb(verb),
        }  # fmt: skip
        if headers is not None:
            service["headers"] = {name: v.decode("latin-1") if isinstance(v, bytes) else v for name, v in headers.items()}
        return _created(DentKind.SERVICE, label, wire.encoded(service))


def _verb(verb: int | str) -> int:
    if not isinstance(verb, str):
        return int(verb)
    try:
        return HttpVerb[verb.upper()]
    except KeyError:
        raise CloudCallError("Malformed") from None


@as_result
def _create(kind: DentKind, label: wire.Label | None) -> Result:
    return _created(kind, label)


def _created(kind: DentKind, label: wire.Label | None, *content: bytes) -> Result:
    return opened(wire.ask(op.DENT_CREATE, wire.byte(kind), wire.label(label), *content))
