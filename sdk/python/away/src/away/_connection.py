"""One connection to a gateway, in HTTP/1.1. Calls are short: a general client's parser of headers would cost more than the rest of them."""

from __future__ import annotations

import functools
import re
import socket
from collections.abc import Mapping
from typing import NamedTuple

#: Bytes of an answer's head; more is no answer to such a request.
MAXIMUM_HEAD_BYTES = 256 << 10
#: A body up to this goes with its head in one piece, so that the other side wakes up once.
_JOINED_BYTES = 64 << 10
_RECEIVED_BYTES = 64 << 10
_CHUNK_LENGTH = re.compile(rb"[0-9A-Fa-f]{1,15}")


class BrokenAnswerError(OSError):
    """What came is no whole answer."""


class Reply(NamedTuple):
    """An answer, read to its end."""

    status: int
    #: By lower-case names; what came several times is joined by commas.
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body in the charset that the server names, else UTF-8."""
        return self.body.decode(_codec(self.headers.get("content-type", "")), errors="replace")


class Connection:
    """A socket that takes one request after another."""

    def __init__(self, host: str, port: int, seconds: float) -> None:
        self.stream = socket.create_connection((host, port), seconds)
        self.stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # A call may be silent for long: only so is a server noticed that is gone.
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._held = b""
        #: Whether it can take another request.
        self.is_reusable = False

    def close(self) -> None:
        self.stream.close()

    def is_quiet(self) -> bool:
        """Whether a resting connection is open and nothing came that nobody asked for."""
        try:
            self.stream.setblocking(False)
            self.stream.recv(1, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            return True
        except OSError:
            return False
        return False

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> None:
        """Sends a request. Raises `OSError`, and `ValueError` for a header that would be two."""
        lines = [f"{method} {target} HTTP/1.1", *[f"{name}: {value}" for name, value in headers.items()]]
        if body is not None or method != "GET":
            lines.append(f"Content-Length: {len(body or b'')}")
        head = "\r\n".join(lines)
        if head.count("\n") != len(lines) - 1 or head.count("\r") != len(lines) - 1:
            raise ValueError(f"a header of a request to {target} has a line end in it")
        data = head.encode("latin-1") + b"\r\n\r\n"
        self.is_reusable = False
        if body is not None and len(body) <= _JOINED_BYTES:
            self.stream.sendall(data + body)
        else:
            self.stream.sendall(data)
            if body:
                self.stream.sendall(body)

    def receive(self) -> Reply:
        """Reads an answer. Raises `OSError`, of it `BrokenAnswerError` for what is none, and where it ends too early."""
        status = 100
        while status < 200:
            # What is told before the answer is of no use to anybody here.
            version, status, headers = self._head()
        transfer, length = headers.get("transfer-encoding", "").lower(), headers.get("content-length")
        ends = True
        if status in (204, 304):
            body = b""
        elif transfer:
            if transfer != "chunked":
                raise BrokenAnswerError(f"the transfer encoding {transfer} is not known")
            body = self._chunks()
        elif length is not None:
            if not (length.isascii() and length.isdecimal()):
                raise BrokenAnswerError(f"{length!r} is no length of an answer")
            body = self._exactly(int(length))
        else:
            body, ends = self._rest(), False
        tokens = headers.get("connection", "").lower()
        self.is_reusable = ends and not self._held and ("close" not in tokens if version == "HTTP/1.1" else "keep-alive" in tokens)
        return Reply(status, headers, body)

    def _head(self) -> tuple[str, int, dict[str, str]]:
        lines = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        version, _, rest = lines[0].partition(" ")
        if not version.startswith("HTTP/1.") or not rest[:3].isdecimal():
            raise BrokenAnswerError(f"what came is no answer in HTTP: {lines[0][:80]!r}")
        headers: dict[str, str] = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            name, value = name.lower(), value.strip()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        return version, int(rest[:3]), headers

    def _chunks(self) -> bytes:
        chunks: list[bytes] = []
        while True:
            size = self._until(b"\r\n").partition(b";")[0].strip()
            if not _CHUNK_LENGTH.fullmatch(size):
                raise BrokenAnswerError(f"{size[:20]!r} is no length of a chunk")
            length = int(size, 16)
            if length == 0:
                break
            chunks.append(self._exactly(length))
            self._until(b"\r\n")
        while self._until(b"\r\n"):
            # Headers after the body.
            pass
        return b"".join(chunks)

    def _until(self, end: bytes) -> bytes:
        """What comes before `end`, which is taken too."""
        searched = 0
        while (position := self._held.find(end, searched)) < 0:
            if len(self._held) > MAXIMUM_HEAD_BYTES:
                raise BrokenAnswerError(f"the head of the answer has more than {MAXIMUM_HEAD_BYTES} bytes")
            searched = max(0, len(self._held) - len(end) + 1)
            self._held += self._more()
        found, self._held = self._held[:position], self._held[position + len(end) :]
        return found

    def _exactly(self, length: int) -> bytes:
        if len(self._held) >= length:
            found, self._held = self._held[:length], self._held[length:]
            return found
        parts, missing, self._held = [self._held], length - len(self._held), b""
        while missing:
            parts.append(self._more(min(missing, 1 << 20)))
            missing -= len(parts[-1])
        return b"".join(parts)

    def _rest(self) -> bytes:
        parts, self._held = [self._held], b""
        while part := self.stream.recv(_RECEIVED_BYTES):
            parts.append(part)
        return b"".join(parts)

    def _more(self, most: int = _RECEIVED_BYTES) -> bytes:
        part = self.stream.recv(most)
        if not part:
            raise BrokenAnswerError("it was closed before the answer was whole")
        return part


@functools.lru_cache
def _codec(media_type: str) -> str:
    """The charset that a media type names, if Python knows it."""
    for parameter in media_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip("\"'")
            try:
                b"x".decode(charset, errors="replace")
            except (LookupError, ValueError):
                break
            return charset
    return "utf-8"
