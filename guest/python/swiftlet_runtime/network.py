"""HTTP without a network: what looks like a socket hands each request to the host, which sends it where the operator allows.

Everything that speaks HTTP/1.1 over a connected stream works with it: ``http.client``, ``urllib.request``, ``requests``.
"""

import io
import re
import socket

from . import host

SEND = 128

_LIMIT = 64 << 20
_HOP_BY_HOP = {b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade", b"host",
               b"content-length"}  # fmt: skip
_ONLY_HTTP = "a Swiftlet sandbox has no network sockets: only HTTP requests over `http.client`, `urllib.request` or `requests` work"


def refuse(*arguments, **options):
    """Say that there is no network."""
    raise OSError(_ONLY_HTTP)


class Stream(socket.socket):
    """A connection to a server that speaks HTTP/1.1. What is written is a request; then its answer can be read."""

    def __init__(self, family=-1, type=-1, proto=-1, fileno=None):
        if fileno is not None or type == socket.SOCK_DGRAM:
            refuse()
        self.address, self._seconds = None, socket.getdefaulttimeout()
        self.is_secure = False
        self._sent, self._answer = bytearray(), io.BytesIO()
        self._isopen = True

    def connect(self, address):
        """Say whom the requests go to: a pair of host and port. Nothing is sent yet."""
        self.address = tuple(address)

    def connect_ex(self, address):
        """Do as ``connect`` does."""
        self.connect(address)
        return 0

    # What is written

    def sendall(self, data, flags=0):
        if self._answer.tell() >= len(self._answer.getbuffer()):
            self._answer = io.BytesIO()
        if len(self._sent) + len(data) > _LIMIT:
            raise OSError(f"a request is limited to {_LIMIT} bytes")
        self._sent += data

    def send(self, data, flags=0):
        self.sendall(data)
        return len(data)

    # What is read

    def recv(self, size, flags=0):
        self._exchange()
        return self._answer.read(size)

    def recv_into(self, buffer, nbytes=0, flags=0):
        self._exchange()
        return self._answer.readinto(memoryview(buffer)[: nbytes or len(buffer)])

    def makefile(self, mode="r", buffering=None, **options):
        raw = _Reader(self) if "r" in mode else _Writer(self)
        if buffering == 0:
            return raw
        return io.BufferedReader(raw) if "r" in mode else io.BufferedWriter(raw)

    def _exchange(self):
        if not self._sent:
            return
        request, self._sent = bytes(self._sent), bytearray()
        self._answer = io.BytesIO(self._ask(request))

    def _ask(self, request):
        head, found, body = request.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        match = re.fullmatch(rb"([A-Z]+) (\S+) HTTP/1\.[01]", lines[0])
        if not found or not match or self.address is None:
            refuse()
        headers = [tuple(part.strip() for part in line.partition(b":")[::2]) for line in lines[1:]]
        named = {name.lower(): value for name, value in headers}
        if named.get(b"transfer-encoding", b"").lower() == b"chunked":
            body = _unchunked(body)
        kept = [part for name, value in headers if name.lower() not in _HOP_BY_HOP for part in (name, value)]
        milliseconds = max(1, int(self._seconds * 1000)) if self._seconds else 0
        status, answered, content = host.ask(
            SEND, match[1], self._url(match[2]), host.join(*kept), body, milliseconds.to_bytes(4, "little")
        )
        fields = host.split(answered)
        return _answer(int.from_bytes(status, "little"), zip(fields[::2], fields[1::2], strict=True), content, match[1] == b"HEAD")

    def _url(self, target):
        if target.startswith((b"http://", b"https://")):  # as to a proxy
            return target
        name, port = self.address[0], self.address[1]
        scheme, usual = ("https", 443) if self.is_secure else ("http", 80)
        name = f"[{name}]" if ":" in name else name
        return f"{scheme}://{name}{'' if port == usual else f':{port}'}".encode() + target

    # What sockets have besides

    def settimeout(self, seconds):
        self._seconds = seconds

    def gettimeout(self):
        return self._seconds

    def close(self):
        self._isopen = False

    detach = close

    def shutdown(self, how):
        pass

    def setsockopt(self, *arguments):
        pass

    def getsockopt(self, *arguments):
        return 0

    def setblocking(self, flag):
        self._seconds = None if flag else 0.0

    def fileno(self):
        return 2**31 - 1 if self._isopen else -1

    def getpeername(self):
        return self.address

    def getsockname(self):
        return ("127.0.0.1", 0)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def __del__(self):
        pass

    def __repr__(self):
        return f"<connection to {self.address}>"

    bind = listen = accept = sendto = recvfrom = sendfile = refuse


class _Reader(io.RawIOBase):
    def __init__(self, stream):
        self._stream = stream

    def readable(self):
        return True

    def readinto(self, buffer):
        return self._stream.recv_into(buffer)


class _Writer(io.RawIOBase):
    def __init__(self, stream):
        self._stream = stream

    def writable(self):
        return True

    def write(self, data):
        return self._stream.send(bytes(data))


def _unchunked(body):
    content, position = bytearray(), 0
    while True:
        end = body.index(b"\r\n", position)
        size = int(body[position:end].partition(b";")[0], 16)
        if size == 0:
            return bytes(content)
        content += body[end + 2 : end + 2 + size]
        position = end + 4 + size


def _answer(status, headers, content, is_head):
    lines = [b"HTTP/1.1 %d " % status]
    length = len(content)
    for name, value in headers:
        if name.lower() == b"content-length" and is_head:
            length = int(value)
        if name.lower() not in _HOP_BY_HOP:
            lines.append(name + b": " + value)
    lines.append(b"Content-Length: %d" % length)
    return b"\r\n".join(lines) + b"\r\n\r\n" + content


def connect(address, timeout=None, *others, **options):
    """Return a stream to ``address``, a pair of host and port. Nothing is sent yet."""
    stream = Stream()
    stream.connect(address)
    if isinstance(timeout, (int, float)):
        stream.settimeout(timeout)
    return stream


def addresses(name, port, *others, **options):
    """Return what ``socket.getaddrinfo`` would: the name itself, for only the host resolves names."""
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (name, int(port or 0)))]
