"""Faasten's gateway over the real program: who is let in and as whom, forms with large files, and a sign-in provider."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import http.server
import json
import secrets
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator

import pytest

PASSWORD = "correct horse"
JSON = "application/json"


class Reply:
    """An answer: status, headers by lower-case name, and body."""

    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.body = status, body
        self.headers = {name.lower(): value for name, value in headers}

    @property
    def json(self):
        return json.loads(self.body)


class Gateway:
    """Talks to one server as clients of Faasten's do."""

    def __init__(self, server) -> None:
        self.server = server

    def ask(self, method: str, path: str, body=None, token: str | None = None, **headers: str) -> Reply:
        """Sends bytes, JSON, or pieces; a header `X_Y` is sent as `X-Y`."""
        connection = http.client.HTTPConnection(self.server.url.split("//")[1], timeout=120)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["Authorization"] = token if " " in token else f"Bearer {token}"
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            sent.setdefault("Content-Type", JSON)
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        reply = Reply(answer.status, answer.getheaders(), answer.read())
        connection.close()
        return reply

    def sign_in(self, name: str) -> str:
        answer = self.ask("POST", "/login", {"username": name, "password": PASSWORD})
        assert answer.status == 200, answer.body
        return answer.json["token"]

    def delegate(self, token: str, component: str, **more) -> Reply:
        return self.ask("POST", "/faasten/delegate", {"component": component, **more}, token)

    def fsutil(self, op: str, token: str | None, gate: str = "~:fsutil", label: str | None = None, **args) -> Reply:
        headers = {} if label is None else {"X_Faasten_Label": label}
        return self.ask("POST", f"/faasten/invoke/{urllib.parse.quote(gate)}", {"op": op, "args": args}, token, **headers)

    def swiftlet(self, *arguments: str, stdin: str | None = None) -> str:
        result = subprocess.run(
            [self.server.bin / "swiftlet", *arguments],
            env=self.server.environment, capture_output=True, text=True, timeout=120, input=stdin)
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()

    def add_user(self, name: str, *options: str) -> None:
        self.swiftlet("users", "create", name, "--scope", "run", "--password-file", "-", *options, stdin=PASSWORD)


@pytest.fixture(scope="module")
def gateway(launch) -> Gateway:
    gateway = Gateway(launch())
    for name in ("alice", "bob"):
        gateway.add_user(name)
    return gateway


GUARDED = [
    ("GET", "/me"), ("POST", "/faasten/delegate"), ("GET", "/faasten/invocations/x"), ("GET", "/faasten/logs/~:fsutil"),
    ("GET", "/faasten/denials"),
]
OPEN = [("POST", "/faasten/invoke/home:%3CT,faasten%3E:fsutil")]
PING = {"op": "ping"}


def test_to_make_a_user_is_enough_to_sign_in(gateway):
    token = gateway.sign_in("alice")
    assert gateway.ask("GET", "/me", token=token).json == {"login": "alice"}
    answer = gateway.fsutil("ping", token)
    assert (answer.status, answer.json) == (200, {"success": True, "value": "pong"})
    assert answer.headers["content-type"] == "application/octet-stream" and int(answer.headers["x-faasten-duration-ns"]) > 0
    page = gateway.ask("GET", "/login", Accept="text/html")
    assert page.status == 200 and b"<form" in page.body
    wrong = gateway.ask("POST", "/login", {"username": "alice", "password": "wrong wrong"})
    assert (wrong.status, wrong.json) == (401, {"error": "wrong user name or password"})


def encoded(value: object) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def forgeries(gateway: Gateway) -> list[str]:
    """Tokens for alice that whoever can read the public key can make."""
    read = gateway.fsutil("read", None, "home:<T,faasten>:fsutil", path="home:<T,faasten>:public_key")
    assert read.status == 200, read.body
    pem = base64.b64decode(read.json["value"])
    assert pem.startswith(b"-----BEGIN PUBLIC KEY-----")
    now = int(time.time())
    claims = encoded({"alg": "ES256", "iat": now, "exp": now + 600, "sub": "alice"})
    tokens = [f"{encoded({'alg': 'none'})}.{claims}.", f"{encoded({'alg': 'ES256'})}.{claims}."]
    for algorithm in ("HS256", "ES256"):
        signed = f"{encoded({'alg': algorithm})}.{claims}"
        tokens.append(f"{signed}.{encoded(hmac.new(pem, signed.encode(), hashlib.sha256).digest())}")
    return tokens


def test_nobody_is_let_in_by_what_opens_nothing(gateway):
    good = gateway.delegate(gateway.sign_in("alice"), "alice").body.decode()
    assert gateway.ask("GET", "/me", token=good).status == 200
    wrong = [*forgeries(gateway), good[:-1], good + "A", "nonsense", "Basic YWxpY2U6eA==", "Bearer ", "Digest x", "a.b.c", "x" * 9000]
    for method, path in GUARDED + OPEN:
        for token in wrong:
            answer = gateway.ask(method, path, PING, token)
            assert (answer.status, answer.json) == (401, {"error": "invalid token"}), (method, path, token[:80])
            assert answer.headers["access-control-allow-origin"] == "*"
    for method, path in GUARDED:
        assert gateway.ask(method, path, PING).status == 401
    for method, path in OPEN:
        assert gateway.ask(method, path, PING).status == 200
    assert gateway.ask("GET", "/faasten/ping").body == b"Pong."
    assert gateway.ask("GET", "/faasten/ping/scheduler").status == 204
    assert gateway.ask("OPTIONS", "/faasten/invoke/x").status == 204
    assert gateway.ask("HEAD", "/faasten/ping").status == 200 and gateway.ask("HEAD", "/me").status == 401
    assert gateway.ask("GET", "/faasten").json == {"error": "not found"}


def test_tokens_act_as_whom_they_are_bound_to(gateway):
    for principal in ("alice/app", "alice|bob", "corp/ann"):
        token = gateway.swiftlet("tokens", "create", "bound", "--principal", principal)
        assert gateway.ask("GET", "/me", token=token).json == {"login": principal}
        assert gateway.server.request("GET", "/v1/functions/", token=token).status == 403, "it has no scope"
    listed = json.loads(gateway.swiftlet("tokens", "list", "--json"))
    assert {"alice/app", "corp/ann"} <= {each["principal"] for each in listed}
    assert gateway.ask("GET", "/me", token=gateway.server.token).json == {"login": "faasten"}
    nobody = gateway.swiftlet("tokens", "create", "nobody", "--scope", "run")
    assert gateway.ask("GET", "/me", token=nobody).status == 403
    refused = gateway.server.request("PUT", "/v1/tokens/", {"name": "x", "principal": "a|"})
    assert refused.status == 400


def test_a_delegate_can_do_less(gateway):
    alice = gateway.sign_in("alice")
    assert gateway.delegate(alice, "bob").status == 406
    assert gateway.delegate(alice, "a|").status == 400
    made = gateway.delegate(alice, "alice/app", bootstrap=True)
    assert made.status == 200 and made.headers["content-type"].startswith("text/plain")
    app = made.body.decode()
    assert gateway.ask("GET", "/me", token=app).json == {"login": "alice/app"}
    assert gateway.fsutil("ping", app).status == 200
    assert gateway.delegate(app, "alice").status == 406
    assert gateway.fsutil("mkfile", alice, base="~", name="diary", label="alice,alice").json["success"]
    listed = gateway.fsutil("list-dir", alice, path="~").json["value"]["names"]
    assert "diary" in listed
    # What alice may know only, her own application may not.
    answer = gateway.fsutil("read", app, path="home:<alice,alice>:diary")
    assert answer.status == 401 and answer.json == {"error": "unauthorized to read response"}
    assert gateway.fsutil("ping", app, "home:<alice,alice>:fsutil").status == 400


def test_what_a_user_signed_in_to_ends_with_the_user(gateway):
    gateway.add_user("carol", "--rate", "1000")
    token = gateway.sign_in("carol")
    signed = gateway.delegate(token, "carol").body.decode()
    gateway.swiftlet("users", "update", "carol", "--password-file", "-", stdin=PASSWORD)
    assert gateway.ask("GET", "/me", token=token).status == 401
    assert gateway.delegate(signed, "carol").status == 401, "it is not renewed beyond the token that it came of"
    token = gateway.sign_in("carol")
    gateway.swiftlet("users", "delete", "carol")
    assert gateway.ask("GET", "/me", token=token).status == 401
    assert gateway.ask("POST", "/login", {"username": "carol", "password": PASSWORD}).status == 401


def test_users_may_have_a_rate(gateway):
    gateway.add_user("hasty", "--rate", "2", "--max-body-bytes", "100")
    login = "Basic " + base64.b64encode(f"hasty:{PASSWORD}".encode()).decode()
    answers = [gateway.ask("GET", "/system/functions", token=login) for _ in range(3)]
    assert [each.status for each in answers][2] == 429 and "retry-after" in answers[2].headers


def test_the_key_is_private_and_outlives_the_server(start_server):
    server = start_server()
    gateway = Gateway(server)
    gateway.add_user("alice")
    assert (server.data / "faasten.key").stat().st_mode & 0o777 == 0o600
    token = gateway.delegate(gateway.sign_in("alice"), "alice").body.decode()
    assert server.stop() == 0
    server.start()
    assert gateway.ask("GET", "/me", token=token).json == {"login": "alice"}
    assert gateway.fsutil("ping", token).status == 200


def form(parts: list[tuple[str, Iterator[bytes]]]) -> Iterator[bytes]:
    for head, pieces in parts:
        yield f"--seam\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode()
        yield from pieces
        yield b"\r\n"
    yield b"--seam--\r\n"


def peak(server) -> int:
    """The most memory that the server had, in bytes."""
    [line] = [line for line in open(f"/proc/{server.process.pid}/status") if line.startswith("VmHWM")]
    return int(line.split()[1]) << 10


def test_large_files_go_through_without_being_held_in_memory(gateway):
    token = gateway.sign_in("alice")
    piece, count = secrets.token_bytes(1 << 20), 128
    payload = json.dumps({"op": "mkblob", "args": {"base": "~", "label": "alice,alice"}}).encode()
    body = form([('name="payload"', iter([payload])), ('name="file"; filename="large.bin"', (piece for _ in range(count)))])
    before = peak(gateway.server)
    made = gateway.ask("POST", "/faasten/invoke/~:fsutil", body, token, Content_Type="multipart/form-data; boundary=seam")
    assert (made.status, made.json) == (200, {"success": True})
    read = gateway.fsutil("cat", token, path="~:large.bin")
    assert read.status == 200 and len(read.body) == count << 20
    assert hashlib.sha256(read.body).digest() == hashlib.sha256(piece * count).digest()
    assert peak(gateway.server) - before < 64 << 20


def test_an_answer_can_be_asked_for_later(gateway):
    token = gateway.sign_in("alice")
    begun = gateway.ask("POST", "/faasten/invoke/~:fsutil", PING, token, Prefer="respond-async")
    assert begun.status == 202
    path = f"/faasten/invocations/{begun.json['invocation']}"
    gateway.server.wait_for(lambda: gateway.ask("GET", path, token=token).status != 202)
    answer = gateway.ask("GET", path, token=token)
    assert (answer.status, answer.json) == (200, {"success": True, "value": "pong"})
    assert gateway.ask("GET", path).status == 401
    logs = gateway.ask("GET", "/faasten/logs/~:fsutil", token=token)
    assert logs.status == 200 and logs.headers["content-type"] == "application/x-ndjson"
    for line in gateway.ask("GET", "/faasten/denials", token=token).body.splitlines():
        assert {"time", "operation", "reason"} <= json.loads(line).keys()


# A provider of OpenID Connect, as small as it can be: RS256 by hand.


def prime(bits: int) -> int:
    while True:
        candidate = secrets.randbits(bits) | 3 << bits - 2 | 1
        if all(candidate % small for small in range(3, 1000, 2)) and all(
            pow(base, candidate - 1, candidate) == 1 for base in (2, 3, 5, 7, 11)
        ):
            return candidate


class Provider:
    """Knows one user, and lets everybody be that one."""

    def __init__(self) -> None:
        p, q = prime(1024), prime(1024)
        self.modulus = p * q
        self.exponent = pow(65537, -1, (p - 1) * (q - 1))
        self.nonce, self.forms = "", []
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *arguments: object) -> None:
                pass

            def answer(self, value: object) -> None:
                data = json.dumps(value).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_GET(self) -> None:
                url = provider.url
                if self.path == "/keys":
                    number = provider.modulus.to_bytes(256, "big")
                    return self.answer({"keys": [{"kty": "RSA", "kid": "k", "n": encoded(number), "e": "AQAB"}]})
                self.answer({
                    "issuer": url, "authorization_endpoint": url + "/auth", "token_endpoint": url + "/token", "jwks_uri": url + "/keys"})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.forms.append((self.headers["Authorization"], dict(urllib.parse.parse_qsl(body))))
                self.answer({"id_token": provider.token(), "token_type": "Bearer"})

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def token(self) -> str:
        now = int(time.time())
        who = {"iss": self.url, "aud": ["us"], "sub": "u-1", "preferred_username": "ann"}
        claims = {**who, "nonce": self.nonce, "iat": now, "exp": now + 60}
        signed = f"{encoded({'alg': 'RS256', 'kid': 'k'})}.{encoded(claims)}"
        digest = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(signed.encode()).digest()
        padded = b"\0\1" + b"\xff" * (253 - len(digest)) + b"\0" + digest
        number = pow(int.from_bytes(padded, "big"), self.exponent, self.modulus)
        return f"{signed}.{encoded(number.to_bytes(256, 'big'))}"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.server.shutdown()
    provider.server.server_close()


def test_users_of_a_provider_sign_in(launch: Callable, provider: Provider, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hush\n")
    server = launch(
        "--oidc-issuer", provider.url, "--oidc-client-id", "us", "--oidc-client-secret-file", str(secret), "--oidc-name", "corp",
        "--oidc-claim", "preferred_username")
    gateway = Gateway(server)
    begun = gateway.ask("GET", "/login")
    assert begun.status == 302
    query = dict(urllib.parse.parse_qsl(begun.headers["location"].split("?")[1]))
    assert query["client_id"] == "us" and query["redirect_uri"] == server.url + "/authenticate/oidc"
    cookie = begun.headers["set-cookie"].split(";")[0]
    callback = f"/authenticate/oidc?code=c&state={query['state']}"
    assert gateway.ask("GET", callback).status == 400, "another browser"
    assert gateway.ask("GET", callback, Cookie=cookie).status == 400, "another nonce"
    provider.nonce = query["nonce"]
    page = gateway.ask("GET", callback, Cookie=cookie, Accept="text/html")
    assert page.status == 200 and b"corp/ann" in page.body
    answer = gateway.ask("GET", callback, Cookie=cookie, Accept=JSON)
    token = answer.json["token"]
    assert gateway.ask("GET", "/me", token=token).json == {"login": "corp/ann"}
    assert gateway.fsutil("ping", token).status == 200, "the home is there"
    login, fields = provider.forms[-1]
    assert login == "Basic " + base64.b64encode(b"us:hush").decode()
    challenge = encoded(hashlib.sha256(fields["code_verifier"].encode()).digest())
    assert challenge == query["code_challenge"] and fields["code"] == "c"
    # Local users are still there.
    gateway.add_user("dora")
    assert gateway.ask("GET", "/login?local").status == 200
    assert gateway.ask("GET", "/me", token=gateway.sign_in("dora")).json == {"login": "dora"}


def test_half_a_provider_keeps_the_server_from_starting(own_server, tmp_path):
    own_server.stop()
    result = subprocess.run(
        [own_server.bin / "swiftlet", "serve", "--listen", "127.0.0.1:0", "--oidc-issuer", "https://id.example.org"],
        env=own_server.environment, capture_output=True, text=True, timeout=60)
    assert result.returncode == 1 and "`--oidc-client-id`: is missing beside --oidc-issuer" in result.stderr
