"""Blobs as binary files: `Blob` to read one, `NewBlob` to write one."""

from __future__ import annotations

import io
from typing import Any

from . import _operations as op
from . import _wire as wire
from ._errors import CODES, CloudCallError, Conventions, CreateBlobError, ReadBlobError

# So many bytes are asked for at once where less is read.
_BUFFER = 64 << 10


class _Bytes(io.RawIOBase):
    """The bytes of a blob, unbuffered."""

    def __init__(self, handle: int, length: int, owns_handle: bool) -> None:
        self.handle, self.length = handle, length
        self._owns_handle, self._position = owns_handle, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        part = self._next(min(len(view), wire.MAXIMUM_TRANSFER))
        view[: len(part)] = part
        return len(part)

    def readall(self) -> bytes:
        parts = []
        while part := self._next(wire.MAXIMUM_TRANSFER):
            parts.append(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _next(self, size: int) -> bytes:
        if self._position >= self.length:
            return b""
        try:
            (part,) = wire.ask(op.BLOB_READ, wire.number(self.handle), wire.long(self._position), wire.number(size))
        except CloudCallError as error:
            raise ReadBlobError(error.code) from None
        self._position += len(part)
        return part

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence not in (io.SEEK_SET, io.SEEK_CUR, io.SEEK_END):
            raise ValueError(f"whence must be 0, 1 or 2, not {whence}")
        position = (0, self._position, self.length)[whence] + offset
        if position < 0:
            raise ValueError(f"there is no position {position}")
        self._position = position
        return position

    def tell(self) -> int:
        return self._position

    def close(self) -> None:
        if not self.closed:
            super().close()
            if self._owns_handle:
                _release(self.handle)


class Blob(io.BufferedReader):
    """A sealed blob as a binary file; made by `open_blob` and the like."""

    def __init__(self, handle: int, length: int, *, owns_handle: bool = True) -> None:
        super().__init__(_Bytes(handle, length, owns_handle), _BUFFER)

    @property
    def fd(self) -> int:
        """Its handle."""
        return self.raw.handle  # type: ignore[attr-defined]

    @property
    def length(self) -> int:
        """Of all of it, in bytes."""
        return self.raw.length  # type: ignore[attr-defined]


class NewBlob(io.BufferedIOBase):
    """A blob that is written; `finalize` seals it, and one that was not sealed is dropped when it is closed."""

    def __init__(self, handle: int, link: tuple[bytes, bytes, bool] | None = None) -> None:
        self._handle, self._link = handle, link
        self._is_short = False
        #: How many bytes it has.
        self.length = 0
        #: Its name, 64 hexadecimal digits, once it is sealed.
        self.hash: str | None = None
        #: Whether sealing it has linked it at the path that it was made for, and the code if it has not.
        self.linked, self.link_error = False, None

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.length

    def write(self, data: Any) -> int:
        """Appends; returns how many bytes were taken, which is less than all when sealed or over the quota."""
        if self.closed:
            raise ValueError("write to a closed blob")
        view = memoryview(data).cast("B")
        taken = 0
        while taken < len(view) and self.hash is None:
            part = view[taken : taken + wire.MAXIMUM_TRANSFER]
            count = wire.to_number(_made(op.BLOB_WRITE, wire.number(self._handle), part)[0])
            taken += count
            if count < len(part):
                self._is_short = True
                break
        self.length += taken
        return taken

    def finalize(self, data: Any = b"") -> str:
        """Appends, seals, and returns the hash; what `create_blob` was given a path for is linked there.

        Raises CreateBlobError where not all bytes that were written are in it: the quota was met.
        """
        view = memoryview(data).cast("B")
        if self.hash is not None:
            if len(view):
                raise CreateBlobError("Malformed", "it is sealed, nothing can be added")
            return self.hash
        self.write(view)
        if self._is_short:
            raise CreateBlobError("QuotaExceeded")
        path, label, replaces = self._link or (b"", b"", False)
        flags = wire.byte((self._link is not None) | replaces << 1)
        digest, length, linked, code = _made(op.BLOB_FINALIZE, wire.number(self._handle), flags, path, label)
        self.hash, self.length, self.linked = digest.decode(), wire.to_number(length), linked != b"\0"
        if code != b"\0":
            self.link_error = CODES[code[0] - 1]
            if Conventions.strict:
                raise CloudCallError(self.link_error)
        return self.hash

    @property
    def fd(self) -> int:
        """Its handle. A sealed blob is opened once more where it was closed."""
        if self.closed and self.hash is not None and self._handle is None:
            self._handle = wire.to_number(wire.ask(op.BLOB_OPEN_BY_HASH, self.hash.encode())[0])
        return self._handle

    def close(self) -> None:
        if not self.closed:
            super().close()
            handle, self._handle = self._handle, None
            _release(handle)


def open_blob(operation: int, *fields: bytes) -> Blob:
    """The blob that a host call opens."""
    handle, length = wire.ask(operation, *fields)
    return Blob(wire.to_number(handle), wire.to_number(length))


def blob_of_handle(handle: int) -> Blob:
    """The blob of a handle of a sealed one, which stays open, or of an entry."""
    field = wire.handle(handle)
    try:
        wire.ask(op.BLOB_READ, field, wire.long(0), wire.number(0))
        # Sealing what is sealed tells its length.
        length = wire.ask(op.BLOB_FINALIZE, field, wire.byte(0), b"", b"")[1]
    except CloudCallError as error:
        if error.code != "InvalidHandle":
            raise
        return open_blob(op.DENT_OPEN_BLOB, field)
    return Blob(handle, wire.to_number(length), owns_handle=False)


def new_blob(size: int | None, link: tuple[bytes, bytes, bool] | None) -> NewBlob:
    """A blob to be written."""
    (handle,) = _made(op.BLOB_CREATE, wire.long(max(0, size or 0)))
    return NewBlob(wire.to_number(handle), link)


def _made(operation: int, *fields: bytes | memoryview) -> list[bytes]:
    try:
        return wire.ask(operation, *fields)
    except CloudCallError as error:
        raise CreateBlobError(error.code) from None


def _release(handle: int) -> None:
    try:
        wire.ask(op.BLOB_CLOSE, wire.number(handle))
    except CloudCallError:
        pass
