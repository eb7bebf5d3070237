"""The OpenFaaS gateway over the real program, asked by a plain HTTP client."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import http.server
import io
import json
import queue
import socket
import struct
import tarfile
import threading

import pytest

TEMPLATE = "language: {}\nfprocess: python3 index.py\n"


def parcel(image: str, handler: str, language: str = "python3", files: dict[str, str] | None = None, **options) -> bytes:
    """The archive of a build, as clients make it."""
    everything = {
        "com.openfaas.docker.config": json.dumps({"image": image, **options}),
        "context/template.yml": TEMPLATE.format(language),
        "context/Dockerfile": "FROM scratch\n",
        "context/function/handler.py": handler,
        "context/function/requirements.txt": "",
        "context/function/__init__.py": "",
        **(files or {}),
    }
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        folder = tarfile.TarInfo("context")
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
        for name, text in everything.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
    return archive.getvalue()


def signature(body: bytes, secret: bytes) -> str:
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()


class Reply:
    """An answer: status, headers by lower-case name, and body."""

    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.body = status, body
        self.headers = {name.lower(): value for name, value in headers}

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


class Gateway:
    """Talks to one server, as the administrator where nothing else is said."""

    def __init__(self, server) -> None:
        self.server = server
        self.host = server.url.split("//")[1]
        self.login = "Basic " + base64.b64encode(f"admin:{server.token}".encode()).decode()

    def ask(self, method: str, path: str, body: object = None, login: str | None = "", headers: dict | None = None) -> Reply:
        connection = http.client.HTTPConnection(self.host, timeout=120)
        data = body if isinstance(body, bytes) or body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        sent = dict(headers or {})
        if login is not None:
            sent.setdefault("Authorization", login or self.login)
        connection.request(method, path, data, sent)
        answer = connection.getresponse()
        reply = Reply(answer.status, answer.getheaders(), answer.read())
        connection.close()
        return reply

    def call(self, name: str, body: str | bytes | None = None, method: str = "POST", headers: dict | None = None) -> Reply:
        return self.ask(method, f"/function/{name}", body, None, headers)

    def build(self, name: str, handler: str, language: str = "python3", **more) -> Reply:
        return self.ask("POST", "/build", parcel(f"localhost:5000/{name}:latest", handler, language, **more))

    def deploy(self, name: str, handler: str, language: str = "python3", **fields) -> None:
        built = self.build(name, handler, language)
        assert built.status == 200 and built.json["status"] == "success", built.text
        body = {"service": name, "image": f"localhost:5000/{name}:latest", **fields}
        answer = self.ask("PUT", "/system/functions", body)
        if answer.status == 404:
            answer = self.ask("POST", "/system/functions", body)
        assert answer.status in (200, 202), answer.text


ECHO = """
import os, sys

def handle(req):
    print("to stderr", file=sys.stderr)
    return req.upper()
"""

EVENT = """
import json

def handle(event, context):
    return {
        "statusCode": 201,
        "body": json.dumps([event.method, event.path, event.query.get("a"), event.body.decode(), event.headers.get("x-thing")]),
        "headers": {"X-From": "function", "Content-Type": "application/json"},
    }
"""


@pytest.fixture(scope="module")
def gateway(server):
    return Gateway(server)


def test_a_function_is_built_deployed_called_and_removed(gateway):
    body = {"service": "life", "image": "localhost:5000/life:latest", "annotations": {"built-with": "test"}}
    assert gateway.call("life").status == 404
    assert gateway.ask("PUT", "/system/functions", body).status == 404
    refused = gateway.ask("POST", "/system/functions", body)
    assert refused.status == 400 and "build" in refused.text
    gateway.deploy("life", ECHO, annotations={"built-with": "test"})
    called = gateway.call("life", "hello", headers={"Content-Type": "text/plain"})
    assert called.status == 200 and called.text == "to stderr\nHELLO\n"
    assert gateway.call("life.openfaas-fn", "x").text.endswith("X\n")
    status = gateway.ask("GET", "/system/function/life?usage=1").json
    assert status["invocationCount"] == 2 and status["availableReplicas"] == 1
    assert status["annotations"] == {"built-with": "test"} and status["labels"] == {} and status["usage"]["totalMemoryBytes"] > 0
    assert "life" in [each["name"] for each in gateway.ask("GET", "/system/functions").json]
    # The same name and image again replaces the code at once.
    gateway.deploy("life", "def handle(req):\n    return 'new'\n")
    assert gateway.call("life").text == "new\n"
    assert gateway.ask("DELETE", "/system/functions", {"functionName": "life"}).status == 200
    assert gateway.ask("DELETE", "/system/functions", {"functionName": "life"}).status == 404
    assert gateway.call("life").status == 404


def test_the_request_reaches_the_handler_whole(gateway):
    gateway.deploy("event", EVENT, "python3-http")
    answer = gateway.call("event/a/b?a=1&a=2", "body", "PUT", {"X-Thing": "yes"})
    assert answer.status == 201 and answer.json == ["PUT", "/a/b", "1", "body", "yes"]
    assert answer.headers["x-from"] == "function" and answer.headers["content-type"] == "application/json"
    assert float(answer.headers["x-duration-seconds"]) >= 0 and len(answer.headers["x-call-id"]) == 36
    assert "x-call-id" not in gateway.call("event", headers={"X-Call-Id": "mine"}).headers
    assert gateway.call("event", "in a GET", "GET").json == ["GET", "/", None, "in a GET", None]


def test_classic_handlers_see_their_environment(gateway):
    code = "import os\ndef handle(req):\n    return ' '.join(os.environ.get(n, '-') for n in req.split())\n"
    gateway.deploy("classic-env", code, envVars={"GREETING": "hi"})
    names = "GREETING Http_Method Http_Path Http_Query Http_X_Call_Id Http_Content_Length"
    text = gateway.call("classic-env/p?q=1", names, headers={"X-Call-Id": "7"}).text
    assert text == f"hi POST /p q=1 7 {len(names)}\n"
    # A module may have an environment of its own.
    gateway.deploy("classic-env", code.replace("import os", "import os; os.environ = {}"), envVars={"GREETING": "hello ä"})
    assert gateway.call("classic-env", "GREETING").text == "hello ä\n"
    gateway.deploy("classic-env", code, envVars={"cgi_headers": "false"})
    assert gateway.call("classic-env", "Http_Method").text == "-\n"


def test_the_environment_is_one_like_any_other(gateway):
    """What the request adds is worked out late; nobody can tell."""
    code = """
import os, sys

def handle(req):
    ways = {
        "len": lambda: len(os.environ) == len(list(os.environ)) == len(os.environ.copy()) > 5,
        "in": lambda: "Http_Method" in os.environ and "Http_None" not in os.environ,
        "del": lambda: [os.environ.__delitem__("Http_Path"), "Http_Path" not in os.environ][1],
        "pop": lambda: os.environ.pop("Http_Host") and "Http_Host" not in dict(os.environ),
        "set": lambda: [os.environ.__setitem__("Http_Path", "mine"), len(os.environ), os.environ["Http_Path"] == "mine"][2],
        "default": lambda: os.environ.setdefault("Http_Method", "mine") == "PATCH",
        "clear": lambda: [os.environ.clear(), not os.environ and "Http_Method" not in os.environ][1],
        "getenv": lambda: os.getenv("Http_Method") == "PATCH" and os.getenv("HTTP_METHOD") is None,
        "stdin": lambda: sys.stdin.read() == "" and sys.stdin.buffer.read() == b"",
    }
    return ways[req]()
"""
    gateway.deploy("environ", code)
    for way in ("len", "in", "del", "pop", "set", "default", "clear", "getenv", "stdin"):
        assert gateway.call("environ", way, "PATCH").text == "True\n", way


def test_failures_of_classic_handlers_show_their_output(gateway):
    code = "import sys\ndef handle(req):\n    print('before')\n    if req: sys.exit(int(req))\n    raise ValueError('no')\n"
    gateway.deploy("fails", code)
    failed = gateway.call("fails")
    assert failed.status == 500 and failed.text.startswith("exit status 1\nbefore\nTraceback") and "ValueError: no" in failed.text
    assert gateway.call("fails", "3").text == "exit status 3\nbefore\n"
    assert gateway.call("fails", "0").status == 200


@pytest.mark.parametrize(
    ("result", "status", "kind", "text"),
    [
        ("'text'", 200, "text/html; charset=utf-8", "text"),
        ("b'bytes'", 200, "text/html; charset=utf-8", "bytes"),
        ("{'a': [1]}", 200, "application/json", '{"a": [1]}\n'),
        ("('made', 201)", 201, "text/html; charset=utf-8", "made"),
        ("('x', {'Content-Type': 'text/css'})", 200, "text/css", "x"),
        ("('x', 418, {'X-A': 'b'})", 418, "text/html; charset=utf-8", "x"),
        ("(word for word in ('a', b'b'))", 200, "text/html; charset=utf-8", "ab"),
        ("iter(['x']), 202, {'Content-Type': 'text/csv'}", 202, "text/csv", "x"),
        ("None", 500, "text/plain; charset=utf-8", "Internal Server Error\n"),
        ("iter([1])", 500, "text/plain; charset=utf-8", "Internal Server Error\n"),
        ("'x', 101", 500, "text/plain; charset=utf-8", "Internal Server Error\n"),
    ],
)
def test_results_of_flask_handlers(gateway, result, status, kind, text):
    gateway.deploy("flask", f"def handle(req):\n    return {result}\n", "python3-flask")
    answer = gateway.call("flask", "x")
    assert (answer.status, answer.headers["content-type"], answer.text) == (status, kind, text)
    assert gateway.call("flask", method="DELETE").status == 405


def test_answers_without_a_body_have_none(gateway):
    """A client would take it for the beginning of the next answer on the same connection."""
    gateway.deploy("bodiless", "def handle(event, context):\n    return 'text', int(event.body or 200)\n", "python3-http")
    with socket.create_connection(gateway.host.split(":"), timeout=60) as connection:
        for status in (b"204", b"304", b"200"):
            connection.sendall(b"POST /function/bodiless HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n" + status)
        for path in (b"/function/bodiless", b"/system/functions", b"/healthz", b"/v1/functions/", b"/nothing"):
            connection.sendall(b"HEAD " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        read = b"".join(iter(lambda: connection.recv(65536), b""))
    answers = [part for part in read.split(b"HTTP/1.1 ") if part]
    assert [answer[:3] for answer in answers] == [b"204", b"304", b"200", b"405", b"401", b"200", b"401", b"404", b"200"]
    assert [not answer.endswith(b"\r\n\r\n") for answer in answers] == [False] * 2 + [True] + [False] * 5 + [True]


def test_a_guest_that_writes_its_own_answer_does_no_harm(gateway):
    """The status is a number of 16 bits there, of which HTTP has not all."""
    code = "from swiftlet_runtime import host\nimport os\ndef handle(req):\n    host.put_output(eval(req))\n    os._exit(0)\n"
    gateway.deploy("answers-itself", code, "python3-flask")
    for output in ("host.join(b'\\xff\\xff', b'x')", "host.join(b'\\x65\\0', b'x')", "b'junk'", "host.join(b'\\x01', b'x')", "b''"):
        assert gateway.call("answers-itself", output).status == 500, output
    odd = "host.join(b'\\xc8\\0', b'x', b'Bad Name', b'a', b'X-Split', b'a\\r\\nb', b'Content-Length', b'99', b'X-Odd')"
    answer = gateway.call("answers-itself", odd)
    assert answer.text == "x" and "x-split" not in answer.headers


def test_time_limits(gateway):
    loop = "def handle({}):\n    while True: pass\n"
    gateway.deploy("slow", loop.format("req"), envVars={"exec_timeout": "300ms"})
    killed = gateway.call("slow")
    assert (killed.status, killed.text) == (408, "Killed process.\n")
    gateway.deploy("slow-http", loop.format("event, context"), "python3-http")
    assert gateway.call("slow-http", headers={"X-Timeout": "200ms"}).status == 504


def test_the_gateway_has_a_time_limit_of_its_own(start_server):
    gateway = Gateway(start_server("--gateway-timeout-seconds", "1"))
    gateway.deploy("slow", "def handle(req):\n    while True: pass\n")
    answer = gateway.call("slow")
    assert (answer.status, answer.body) == (502, b"")


def test_calls_do_not_see_each_other(gateway):
    gateway.deploy("state", "count = 0\ndef handle(req):\n    global count\n    count += 1\n    return count\n")
    assert [gateway.call("state").text for _ in range(3)] == ["1\n"] * 3


def test_secrets_are_files_and_updates_show_at_once(gateway):
    code = """
import os
FOLDER = "/var/openfaas/secrets"
def handle(req):
    return repr(open(f"{FOLDER}/{req}").read()[::-1]) + str(os.listdir(FOLDER))
"""
    assert gateway.ask("POST", "/system/secrets", {"name": "api-key", "value": "one"}).status == 201
    assert gateway.ask("POST", "/system/secrets", {"name": "api-key", "value": "one"}).status == 409
    assert {"name": "api-key", "namespace": "openfaas-fn"} in gateway.ask("GET", "/system/secrets").json
    gateway.deploy("reader", code, secrets=["api-key"])
    assert gateway.call("reader", "api-key").text == "'eno'['api-key']\n"
    assert gateway.ask("PUT", "/system/secrets", {"name": "api-key", "value": "x", "rawValue": "Y2FyZWZ1bGx5IGludmVydGVk"}).status == 200
    assert gateway.call("reader", "api-key").text == "'detrevni ylluferac'['api-key']\n"
    gateway.deploy("reader", code)
    assert "FileNotFoundError" in gateway.call("reader", "api-key").text
    missing = {"service": "reader", "image": "localhost:5000/reader:latest", "secrets": ["nothing"]}
    answer = gateway.ask("PUT", "/system/functions", missing)
    assert answer.status == 400 and "nothing" in answer.text
    assert gateway.ask("DELETE", "/system/secrets", {"name": "api-key"}).status == 200
    assert gateway.ask("DELETE", "/system/secrets", {"name": "api-key"}).status == 404
    # The function turned it round: what it answers is kept with its calls.
    assert not any(b"carefully inverted" in file.read_bytes() for file in gateway.server.data.glob("swiftlet.db*"))


def test_namespaces_keep_functions_apart(gateway):
    dev = {"name": "dev", "labels": {"openfaas": "1"}}
    assert gateway.ask("POST", "/system/namespace/", dev).status == 201
    assert gateway.ask("POST", "/system/namespace/", dev).status == 409
    assert gateway.ask("GET", "/system/namespace/dev").json["labels"] == {"openfaas": "1"}
    assert gateway.ask("GET", "/system/namespaces").json == ["openfaas-fn", "dev"]
    gateway.deploy("where", "def handle(req):\n    return 'default'\n")
    gateway.build("where", "def handle(req):\n    return 'dev'\n")
    body = {"service": "where", "image": "localhost:5000/where:latest", "namespace": "dev"}
    assert gateway.ask("POST", "/system/functions", body).status == 202
    assert gateway.call("where").text == "default\n" and gateway.call("where.dev").text == "dev\n"
    assert gateway.ask("DELETE", "/system/namespace/openfaas-fn", {"name": "openfaas-fn"}).status == 403
    assert gateway.ask("DELETE", "/system/namespace/dev", dev).status == 202
    assert gateway.call("where.dev").status == 404 and gateway.ask("GET", "/system/namespace/dev").status == 404


def test_logs(gateway):
    gateway.deploy("talks", "import sys\ndef handle(req):\n    print(req, file=sys.stderr)\n")
    for word in ("one", "two", "three"):
        gateway.call("talks", word)
    answer = gateway.ask("GET", "/system/logs?name=talks&tail=2&follow=false")
    assert answer.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["text"] for line in lines] == ["two", "three"] and lines[0]["namespace"] == "openfaas-fn"
    assert gateway.ask("GET", f"/system/logs?name=talks&since={lines[1]['timestamp']}").text.count("\n") == 1
    assert gateway.ask("GET", "/system/logs?name=nobody").status == 404
    assert gateway.ask("GET", "/system/logs?name=talks&tail=x").status == 422
    assert gateway.ask("GET", "/system/logs?name=talks&since=x").status == 422


def test_logs_are_followed(gateway):
    gateway.deploy("follow", "import sys\ndef handle(req):\n    print(req, file=sys.stderr)\n")
    gateway.call("follow", "past")
    connection = http.client.HTTPConnection(gateway.host, timeout=60)
    connection.request("GET", "/system/logs?name=follow&follow=true&tail=-1", headers={"Authorization": gateway.login})
    answer = connection.getresponse()
    assert json.loads(answer.readline())["text"] == "past"
    gateway.call("follow", "present")
    assert json.loads(answer.readline())["text"] == "present"
    connection.close()


def test_answers_are_streamed_to_who_reads_lines(gateway):
    code = "import time\ndef handle(req):\n    print('data: first\\n')\n    while True: time.sleep(0.05)\n"
    gateway.deploy("stream", code, envVars={"exec_timeout": "20"})
    connection = http.client.HTTPConnection(gateway.host, timeout=60)
    connection.request("GET", "/function/stream", headers={"Accept": "text/event-stream"})
    answer = connection.getresponse()
    assert answer.status == 200 and answer.headers["Content-Type"] == "text/event-stream"
    # It arrives while the handler runs: that one never ends by itself.
    assert answer.readline() == b"data: first\n" and answer.readline() == b"\n"
    connection.close()
    gateway.deploy("stream", "def handle(req):\n    if req: raise SystemExit(3)\n")
    silent = gateway.call("stream", "x", headers={"Accept": "application/x-ndjson"})
    assert (silent.status, silent.text) == (500, "exit status 3\n")
    assert gateway.call("stream", headers={"Accept": "application/x-ndjson"}).text == ""
    gateway.deploy("stream", "def handle(req):\n    print('one')\n    raise ValueError('no')\n")
    text = gateway.call("stream", headers={"Accept": "application/x-ndjson"}).text
    assert text.startswith("one\nTraceback") and text.endswith("ValueError: no\nexit status 1\n")


ITERATORS = """
import time

def lines(word):
    print("for the log")
    yield "data: first\\n\\n"
    if word == "fail":
        raise ValueError("no")
    while word == "endless":
        time.sleep(0.05)
    yield b"data: last\\n\\n"

def handle(event, context):
    word = event.body.decode()
    if word == "plain":
        return "text", 404
    if word == "dict":
        return {"statusCode": 202, "body": lines(word), "headers": {"X-Own": "1"}}
    return lines(word), 201, {"Content-Type": "text/event-stream; charset=utf-8"}
"""


def test_iterators_are_streamed_to_who_reads_lines(gateway):
    gateway.deploy("iterates", ITERATORS, "python3-http")
    accept = {"Accept": "text/event-stream"}
    whole = gateway.call("iterates", "x", headers=accept)
    assert (whole.status, whole.text) == (201, "data: first\n\ndata: last\n\n")
    assert whole.headers["content-type"] == "text/event-stream; charset=utf-8" and "x-call-id" in whole.headers
    assert gateway.call("iterates", "x").text == whole.text, "without streaming"
    other = gateway.call("iterates", "dict", headers=accept)
    assert (other.status, other.headers["x-own"], other.headers["content-type"]) == (202, "1", "text/event-stream")
    # What is no iterator has its own status, whatever the caller accepts.
    plain = gateway.call("iterates", "plain", headers=accept)
    assert (plain.status, plain.text, plain.headers["content-type"]) == (404, "text", "text/html; charset=utf-8")
    with pytest.raises(http.client.IncompleteRead):
        gateway.call("iterates", "fail", headers=accept)
    connection = http.client.HTTPConnection(gateway.host, timeout=60)
    connection.request("POST", "/function/iterates", "endless", accept)
    answer = connection.getresponse()
    # It arrives while the handler runs: that one never ends by itself.
    assert answer.status == 201 and answer.readline() == b"data: first\n"
    connection.close()
    text = gateway.ask("GET", "/system/logs?name=iterates&follow=false").text
    assert "for the log" in text


def test_streamed_calls_count_until_they_end(gateway):
    # Its time is not up before the test's is: it ends because the caller left.
    code = "import time\ndef handle(req):\n    print('first')\n    while True: time.sleep(0.05){}\n"
    for more in ("; print('next')", ""):
        gateway.deploy("counted-stream", code.format(more), envVars={"max_inflight": "1", "exec_timeout": "10m"})
        connection = http.client.HTTPConnection(gateway.host, timeout=60)
        connection.request("GET", "/function/counted-stream", headers={"Accept": "application/x-ndjson"})
        assert connection.getresponse().readline() == b"first\n"
        assert gateway.call("counted-stream").status == 429
        if not more:
            # A function that is silent finds out only where the connection is reset.
            connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        gateway.server.wait_for(lambda: 'in_flight{function_name="counted-stream' not in gateway.ask("GET", "/metrics").text)


FLOOD = """
import json

def parts(size, count):
    for number in range(count):
        yield number.to_bytes(4, "little") * (size // 4)

def handle(event, context):
    return parts(*json.loads(event.body)), 200, {"Content-Type": "application/octet-stream"}
"""


@pytest.mark.parametrize(("size", "count"), [(1 << 20, 50), (40, 100_000), (30 << 20, 2)])
def test_what_is_streamed_may_be_long(gateway, size, count):
    """Neither the limit of the log nor that of an answer that is kept is in its way."""
    gateway.deploy("flood", FLOOD, "python3-http")
    answer = gateway.call("flood", json.dumps([size, count]), headers={"Accept": "application/x-ndjson"})
    expected = hashlib.sha256()
    for number in range(count):
        expected.update(number.to_bytes(4, "little") * (size // 4))
    assert len(answer.body) == size * count and hashlib.sha256(answer.body).digest() == expected.digest()


def test_what_is_streamed_has_a_limit(gateway):
    gateway.deploy("flood", FLOOD, "python3-http")
    with pytest.raises(http.client.IncompleteRead) as broken:
        gateway.call("flood", json.dumps([1 << 20, 65]), headers={"Accept": "application/x-ndjson"})
    # The head of the answer counts, too.
    assert len(broken.value.partial) == 63 << 20
    assert gateway.call("flood", json.dumps([4, 1]), headers={"Accept": "application/x-ndjson"}).body == bytes(4)


def test_lines_that_are_streamed_are_whole_and_in_no_log(gateway):
    code = """
import sys

def handle(req):
    for number in range(int(req)):
        print(number, "ä" * 20)
    sys.stdout.buffer.write(b"\\xff\\x00 no line")
    print("for both", file=sys.stderr)
"""
    gateway.deploy("prints-lines", code)
    answer = gateway.call("prints-lines", "20000", headers={"Accept": "text/event-stream"})
    lines = b"".join(f"{number} {'ä' * 20}\n".encode() for number in range(20000))
    assert answer.body == lines + b"\xff\x00 no linefor both\n"
    log = [json.loads(line)["text"] for line in gateway.ask("GET", "/system/logs?name=prints-lines&follow=false").text.splitlines()]
    assert log == ["for both"]


def test_asynchronous_calls_tell_their_end(start_server):
    gateway = Gateway(start_server("--allow-private-callbacks"))
    gateway.deploy("later", EVENT, "python3-http")
    arrived: queue.Queue = queue.Queue()

    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            arrived.put(({name.lower(): value for name, value in self.headers.items()}, body))

        def log_message(self, *_):
            pass

    receiver = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{receiver.server_port}/done"
    try:
        sent = gateway.ask("POST", "/async-function/later/x?a=5", "body", None, {"X-Callback-Url": url, "X-Thing": "t"})
        assert sent.status == 202 and sent.body == b""
        headers, body = arrived.get(timeout=60)
        assert json.loads(body) == ["POST", "/x", "5", "body", "t"]
        assert headers["x-function-status"] == "201" and headers["x-function-name"] == "later"
        assert headers["x-call-id"] == sent.headers["x-call-id"] and headers["x-from"] == "function"
        record = gateway.server.execution(sent.headers["x-call-id"])
        assert record["status"] == "Success"
    finally:
        receiver.shutdown()
    # This gateway under the name that functions in a cluster know: its port is another one in truth.
    gateway.deploy("receiver", "import sys\ndef handle(req):\n    print('got', req, file=sys.stderr)\n")
    home = "http://gateway.openfaas.svc.cluster.local.:8080/function/receiver"
    assert gateway.ask("POST", "/async-function/later", "b", None, {"X-Callback-Url": home}).status == 202
    connection = http.client.HTTPConnection(gateway.host, timeout=60)
    connection.request("GET", "/system/logs?name=receiver&follow=true", headers={"Authorization": gateway.login})
    assert json.loads(connection.getresponse().readline())["text"].startswith("got [")
    connection.close()
    assert gateway.ask("POST", "/async-function/nobody", "b", None).status == 404
    assert gateway.ask("GET", "/async-function/later", None, None).status == 405
    assert gateway.ask("POST", "/async-function/later", "b", None, {"X-Callback-Url": "no url"}).status == 400


def test_logins(gateway):
    wrong = gateway.ask("GET", "/system/functions", login="Basic YWRtaW46MTIzNA==")
    assert (wrong.status, wrong.text) == (401, "invalid credentials")
    assert wrong.headers["www-authenticate"] == 'Basic realm="Restricted"'
    assert gateway.ask("GET", "/system/functions", login="Bearer ").status == 401
    assert gateway.ask("GET", "/system/functions", login=None).status == 401
    assert gateway.ask("GET", "/ui/", login=None).status == 401
    assert gateway.ask("GET", "/system/functions", login=f"Bearer {gateway.server.token}").status == 200
    assert gateway.ask("GET", "/healthz", login=None).status == 200
    assert gateway.ask("HEAD", "/healthz", login=None).status == 200
    assert gateway.ask("GET", "/", login=None).headers["location"] == "/ui/"
    assert gateway.ask("GET", "/metrics", login=None).status == 200
    assert gateway.ask("GET", "/publickey", login=None).status == 404


def test_functions_get_no_login_of_the_gateway(gateway):
    gateway.deploy("headers", "def handle(event, context):\n    return event.headers.get('Authorization', 'none')\n", "python3-http")
    assert gateway.call("headers", headers={"Authorization": gateway.login}).text == "none"
    assert gateway.call("headers", headers={"Authorization": "Basic bWU6bXk="}).text == "Basic bWU6bXk="


def test_info(start_server):
    gateway = Gateway(start_server("--open-system-info"))
    info = gateway.ask("GET", "/system/info", login="Basic YWRtaW46MTIzNA==").json
    assert info["arch"] == "x86_64" and info["provider"]["orchestration"] == "swiftlet"


def test_builds(start_server, tmp_path):
    secret = tmp_path / "payload"
    secret.write_text(" key\n")
    gateway = Gateway(start_server("--payload-secret-file", str(secret)))
    body = parcel("i", "def handle(req):\n    return 1\n", buildArgs={"A": "b", "C": ""})
    headers = {"X-Build-Signature": signature(body, b"key"), "Accept": "application/x-ndjson"}
    answer = gateway.ask("POST", "/build", body, None, headers)
    steps = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.status == 200 and steps[-1]["status"] == "success" and steps[0]["log"] == ["The build argument A has no effect here."]
    headers["X-Build-Signature"] = signature(body, b"other")
    assert gateway.ask("POST", "/build", body, None, headers).status == 401
    assert gateway.ask("POST", "/build", body, None).status == 401
    assert gateway.ask("POST", "/build", b"no archive").status == 400


def test_an_image_without_a_tag_is_the_latest(gateway):
    assert gateway.build("tagged", "def handle(req):\n    return 'yes'\n", "python3").json["status"] == "success"
    for image in ("localhost:5000/tagged", "localhost:5000/tagged:latest"):
        assert gateway.ask("POST", "/system/functions", {"service": "tagged", "image": image}).status == 202
        gateway.ask("DELETE", "/system/functions", {"functionName": "tagged"})
    assert gateway.ask("POST", "/system/functions", {"service": "tagged", "image": "localhost:5000/tagged:2"}).status >= 400


def test_a_handler_has_further_files(gateway):
    files = {"context/function/other.py": "WORD = 'other'\n", "context/function/data.txt": "data", "context/function/__init__.py": ""}
    handler = """
from pathlib import Path
from .other import WORD

def handle(req):
    return WORD + " " + Path(__file__).with_name("data.txt").read_text()
"""
    assert gateway.build("many", handler, "python3", files=files).json["status"] == "success"
    image = {"service": "many", "image": "localhost:5000/many:latest"}
    assert gateway.ask("POST", "/system/functions", image).status == 202
    assert gateway.call("many", b"").text == "other data\n"


@pytest.mark.parametrize(
    ("handler", "language", "files", "words"),
    [
        ("def other(req): pass\n", "python3", {}, "handle(req)"),
        ("import nothing_like_this\ndef handle(req): pass\n", "python3", {}, "nothing_like_this"),
        ("def handle(req): pass\n", "golang", {}, "python3-flask"),
        ("def handle(req): pass\n", "python3", {"context/function/requirements.txt": "numpy==2\n"}, "numpy"),
    ],
)
def test_builds_that_fail_are_answers(gateway, handler, language, files, words):
    answer = gateway.build("bad", handler, language, files=files)
    assert answer.status == 200 and answer.json["status"] == "failed" and words in answer.json["error"], answer.text


def test_scaling_and_alerts_are_noted(gateway):
    gateway.deploy("scales", "def handle(req):\n    return 1\n", labels={"com.openfaas.scale.min": "2"})

    def replicas():
        return gateway.ask("GET", "/system/function/scales").json["replicas"]

    assert replicas() == 2
    assert gateway.ask("POST", "/system/scale-function/scales", {"serviceName": "scales", "replicas": 40}).status == 202
    assert replicas() == 5
    broken = gateway.ask("POST", "/system/scale-function/scales", b"{")
    assert broken.status == 400 and broken.text.startswith("Error unmarshalling request body")
    assert gateway.ask("POST", "/system/scale-function/nobody", {"replicas": 1}).status == 404
    alert = {"status": "resolved", "labels": {"function_name": "scales.openfaas-fn"}}
    assert gateway.ask("POST", "/system/alert", {"alerts": [alert]}).status == 200
    assert replicas() == 2
    assert gateway.ask("POST", "/system/alert", {"alerts": [{**alert, "status": "firing"}]}).status == 200
    assert replicas() == 3
    assert gateway.ask("POST", "/system/alert", b"x").text == "Unable to parse alert, bad format."


def test_metrics(gateway):
    gateway.deploy("measured", "def handle(req):\n    return req\n")
    gateway.call("measured", "x")
    gateway.ask("GET", "/system/function/measured")
    text = gateway.ask("GET", "/metrics", login=None).text
    name = 'function_name="measured.openfaas-fn"'
    for line in (
        f'gateway_function_invocation_total{{{name},code="200"}} 1',
        f"gateway_function_invocation_started{{{name}}} 1",
        f'gateway_functions_seconds_count{{{name},code="200"}} 1',
        f'gateway_functions_seconds_bucket{{{name},code="200",le="+Inf"}} 1',
        f"gateway_service_count{{{name}}} 1",
        f'http_requests_total{{{name},method="POST",code="200"}} 1',
        f'http_request_duration_seconds_count{{{name},method="POST",code="200"}} 1',
        "# TYPE http_requests_in_flight gauge",
        'provider_http_requests_total{path="/system/function/:name",method="GET",code="200"}',
        'provider_http_request_duration_seconds_bucket{path="/function/:name",method="POST",code="200",le="10"}',
        "# TYPE swiftlet_executions_accepted_total counter",
    ):
        assert line in text, line


def test_a_token_for_some_functions_reaches_no_secret_of_others(gateway):
    gateway.deploy("bound", "def handle(req):\n    return open('/var/openfaas/secrets/shared').read()\n")
    gateway.ask("POST", "/system/secrets", {"name": "shared", "value": "v"})
    made = gateway.server.request("PUT", "/v1/tokens/", {"name": "bound", "scopes": ["deploy"], "functions": ["bound"]})
    login = f"Bearer {made.json['token']}"
    body = {"service": "bound", "image": "localhost:5000/bound:latest"}
    assert gateway.ask("PUT", "/system/functions", body, login).status == 200
    assert gateway.ask("PUT", "/system/functions", {**body, "secrets": ["shared"]}, login).status == 403
    assert gateway.ask("PUT", "/system/secrets", {"name": "shared", "value": "w"}, login).status == 403
    assert gateway.ask("DELETE", "/system/secrets", {"name": "shared"}, login).status == 403
    # What an administrator gave to the function stays with it.
    assert gateway.ask("PUT", "/system/functions", {**body, "secrets": ["shared"]}).status == 200
    assert gateway.ask("PUT", "/system/functions", {**body, "secrets": ["shared"]}, login).status == 200
    assert gateway.call("bound").text == "v\n"
    audit = gateway.server.request("GET", "/v1/audit/").json
    assert [entry["action"] for entry in audit[:3]] == ["function.update"] * 3


def test_counts_outlive_a_restart(start_server):
    server = start_server()
    gateway = Gateway(server)
    gateway.deploy("counted", "def handle(req):\n    return 1\n")
    for _ in range(3):
        gateway.call("counted")
    assert 'gateway_function_invocation_total{function_name="counted.openfaas-fn",code="200"} 3' in gateway.ask("GET", "/metrics").text
    assert server.stop() == 0
    gateway = Gateway(server.start())
    assert gateway.ask("GET", "/system/function/counted").json["invocationCount"] == 3
    assert gateway.call("counted").text == "1\n"


def test_functions_of_one_face_are_called_by_the_other(gateway):
    gateway.server.deploy("sum", "def main(args, context):\n    return args['a'] + args['b']\n")
    assert gateway.call("sum", '{"a": 1, "b": 2}').status == 401, "functions of others are not open"
    answer = gateway.ask("POST", "/function/sum", '{"a": 1, "b": 2}')
    assert answer.text == "3" and answer.headers["content-type"] == "application/json"
    gateway.deploy("shout", "def handle(req):\n    return req.upper()\n")
    assert gateway.server.call("shout", {"a": "b"}).json == {"A": "B"}
    gateway.deploy("shout", "def handle(req):\n    return 'no JSON'\n")
    assert gateway.server.call("shout").json == "no JSON\n"
