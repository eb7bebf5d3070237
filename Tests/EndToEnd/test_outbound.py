"""Requests of functions to other servers: only where the operator allows, over Python's own HTTP modules."""

import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

CODE = """
import http.client, json, urllib.error, urllib.request

def main(args, context):
    try:
        return globals()[args["do"]](args["url"])
    except urllib.error.HTTPError as error:
        return [error.code, error.read().decode()]
    except Exception as error:
        return f"{type(error).__name__}: {error}"

def get(url):
    with urllib.request.urlopen(url, timeout=20) as answer:
        return [answer.status, answer.headers["X-Seen"], answer.read().decode()]

def post(url):
    request = urllib.request.Request(url, b"a body", {"X-Word": "hello"}, method="PUT")
    return json.load(urllib.request.urlopen(request))

def keep(url):
    connection = http.client.HTTPConnection(url.split("/")[2])
    found = []
    for number in range(3):
        connection.request("POST", "/again", iter([b"one ", b"%d" % number]), encode_chunked=True)
        found.append(json.load(connection.getresponse())["body"])
    return found

def session(url):
    import requests
    with requests.Session() as session:
        answers = [session.post(url, json={"n": n}, headers={"X-Word": "hi"}, timeout=20) for n in range(3)]
    return [answers[0].status_code, answers[2].json()["body"], answers[1].json()["word"], str(requests.get(url + "missing").status_code)]

def inject(url):
    connection = http.client.HTTPConnection(url.split("/")[2])
    connection._validate_path = lambda path: None
    connection.request("GET", "/x HTTP/1.1\\r\\nX-Word: smuggled\\r\\n\\r\\n")
    return connection.getresponse().status
"""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers["Content-Length"] or 0)
        said = {
            "method": self.command, "path": self.path, "body": self.rfile.read(length).decode(), "word": self.headers["X-Word"],
        }  # fmt: skip
        self.server.seen.append(said)
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "http://localhost/secret")
        else:
            self.send_response(404 if self.path == "/missing" else 200)
        body = json.dumps(said).encode()
        self.send_header("X-Seen", str(len(self.server.seen)))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST = answer

    def log_message(self, *arguments):
        pass


@pytest.fixture
def target():
    """A server on this machine, with what it was asked in `seen`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.seen = []
        server.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def ask(start_server, target):
    """Calls one of the functions above on a server with these options."""

    def asker(*options):
        server = start_server(*options)
        server.deploy("asks", CODE)
        return lambda do, path="/", url=None: server.call("asks", {"do": do, "url": (url or target.url) + path}).json

    return asker


def test_allowed_hosts_are_reached(ask, target):
    asks = ask("--allow-http", target.url.removeprefix("http://"), "--allow-private-http")
    assert asks("get", "/a?b=c")[0] == 200 and target.seen[-1]["path"] == "/a?b=c"
    assert asks("post", "/p") == {"method": "PUT", "path": "/p", "body": "a body", "word": "hello"}
    assert asks("keep") == ["one 0", "one 1", "one 2"]
    assert asks("get", "/missing")[0] == 404


def test_requests_works(ask, target):
    asks = ask("--allow-http", "127.0.0.1", "--allow-private-http")
    assert asks("session") == [200, '{"n": 2}', "hi", "404"]


def test_other_hosts_are_refused_with_the_name_of_the_setting(ask, target):
    asks = ask("--allow-http", "example.com, *.example.org", "--allow-private-http")
    answer = asks("get")
    assert answer.startswith("PermissionError: requests to `127.0.0.1` are not allowed") and "--allow-http" in answer
    assert "example.com, *.example.org" in answer and not target.seen


def test_addresses_that_are_not_public_are_refused(ask, target):
    asks = ask("--allow-http", "*")
    assert "127.0.0.1, which is not a public address" in asks("get") and not target.seen


def test_a_redirect_to_a_refused_host_is_refused(ask, target):
    asks = ask("--allow-http", "127.0.0.1", "--allow-private-http")
    assert "`localhost` are not allowed" in asks("get", "/elsewhere") and len(target.seen) == 1


def test_what_is_smuggled_into_a_request_line_makes_no_other_request(ask, target):
    asks = ask("--allow-http", "127.0.0.1", "--allow-private-http")
    assert asks("inject") == 200 and [each["path"] for each in target.seen] == ["/x"]


def test_what_speaks_no_tls_is_told_in_a_sentence(ask, target):
    asks = ask("--allow-http", "127.0.0.1", "--allow-private-http")
    answer = asks("get", url=target.url.replace("http:", "https:"))
    assert "no secure connection to `127.0.0.1`" in answer and "/" not in answer.partition(":")[2].replace("`", "")


def test_a_pattern_of_another_form_is_refused_at_start(own_server):
    result = subprocess.run(
        [own_server.bin / "swiftlet", "serve", "--data", own_server.data.parent / "other", "--allow-http", "a*b"],
        env=own_server.environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert result.returncode != 0 and "`a*b` is no host" in result.stderr
