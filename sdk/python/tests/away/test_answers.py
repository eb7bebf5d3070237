"""Answers in each form that HTTP has, and what is none."""

import socket
import threading

import pytest

from away import FaasConnection, builder
from away.exceptions import FaasReturnedError, FaasServiceUnavailableException

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


class Scripted:
    """A server that answers each request on a connection with the next list of pieces, and closes where there is none."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.answers, self.requests, self.connections = [], [], 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection = self.listener.accept()[0]
            except OSError:
                return
            self.connections += 1
            with connection:
                while self.answers and self.serve(connection):
                    pass

    def serve(self, connection):
        request = connection.recv(1 << 20)
        if not request:
            return False
        self.requests.append(request)
        pieces, stays = self.answers.pop(0)
        for piece in pieces:
            connection.sendall(piece)
        return stays


@pytest.fixture
def scripted():
    server = Scripted()
    yield server
    server.listener.close()


@pytest.fixture
def proxy(scripted):
    with FaasConnection("127.0.0.1", scripted.port, user=None, ensure_available=False) as faas:
        yield builder.sync_from_name("f", faas)


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ([OK + b"Content-Length: 2\r\n\r\nab"], "ab"),
        ([bytes([byte]) for byte in OK + b"content-length:2 \r\nX-A: 1\r\nX-A: 2\r\n\r\nab"], "ab"),
        ([b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", OK + b"Content-Length: 0\r\n\r\n"], ""),
        ([CHUNKED, b"2\r\nab\r\n", b"A;x=y\r\n0123456789\r\n", b"0\r\nX-Trailer: 1\r\n\r\n"], "ab0123456789"),
        ([bytes([byte]) for byte in CHUNKED + b"2\r\n\r\n\r\n0\r\n\r\n"], "\r\n"),
        ([OK + b"Content-Length: 300000\r\n\r\n" + b"x" * 100000, b"x" * 200000], "x" * 300000),
        ([b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\nx"], "x"),
    ],
)
def test_answers_after_which_a_connection_is_kept(scripted, proxy, pieces, text):
    scripted.answers += [(pieces, True)] * 2
    assert [proxy("a"), proxy("b")] == [text] * 2
    assert scripted.connections == 1
    assert scripted.requests[0].endswith(b"Content-Length: 1\r\n\r\na"), "head and body in one piece"


@pytest.mark.parametrize(
    ("answer", "stays"),
    [
        (OK + b"\r\nall until the end", False),
        (OK + b"Content-Length: 17\r\nConnection: close\r\n\r\nall until the end", True),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 17\r\n\r\nall until the end", True),
        (OK + b"Content-Length: 17\r\n\r\nall until the end and more", True),
    ],
)
def test_answers_after_which_a_connection_is_closed(scripted, proxy, answer, stays):
    scripted.answers += [([answer], stays)] * 2
    assert [proxy(), proxy()] == ["all until the end"] * 2
    assert scripted.connections == 2


def test_an_answer_without_a_body(scripted, proxy):
    scripted.answers += [([b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n"], True)]
    with pytest.raises(FaasReturnedError, match="204"):
        proxy()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", "before the answer was whole"),
        (OK + b"Content-Length: 5\r\n\r\nabc", "before the answer was whole"),
        (CHUNKED + b"5\r\nab", "before the answer was whole"),
        (CHUNKED + b"z\r\nab\r\n", "no length of a chunk"),
        (CHUNKED + b"-1\r\nab\r\n", "no length of a chunk"),
        (OK + b"Content-Length: -5\r\n\r\nabc", "no length of an answer"),
        (OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n", "not known"),
        (b"SSH-2.0-server\r\n\r\n", "no answer in HTTP"),
        (b"HTTP/1.1 okay\r\n\r\n", "no answer in HTTP"),
        (OK + b"X: " + b"x" * 400_000, "more than 262144 bytes"),
    ],
)
def test_what_is_no_answer(scripted, proxy, answer, words):
    scripted.answers += [([answer], False)]
    with pytest.raises(FaasServiceUnavailableException, match=words):
        proxy()
