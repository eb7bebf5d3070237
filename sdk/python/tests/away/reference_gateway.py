"""A small gateway for the tests: it keeps to the rules that the package relies on, and truly runs handlers, each call in a new process."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import threading
from base64 import b64encode
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple, Optional
from urllib.parse import unquote, urlsplit

import yaml

#: Runs a handler as the classic template does. `requests` is the sandbox's own, which knows one host.
RUNNER = r'''
import sys, types, urllib.request, urllib.error
folder, gateway = sys.argv[1:3]
sys.path.insert(0, folder)
CLUSTER = "http://gateway.openfaas.svc.cluster.local.:8080/"

class Reply:
    def __init__(self, answer):
        self.status_code, self.content = answer.status, answer.read()
        self.text = self.content.decode()

def request(method, url, data=None):
    assert url.startswith(CLUSTER), url
    try:
        return Reply(urllib.request.urlopen(urllib.request.Request(gateway + url[len(CLUSTER):], data, method=method)))
    except urllib.error.HTTPError as error:
        return Reply(error)

requests = types.ModuleType("requests")
requests.request, requests.get = request, lambda url, **options: request("GET", url, **options)
sys.modules["requests"] = requests
from function.handler import handle
if "--import" not in sys.argv:
    result = handle(sys.stdin.read())
    if result is not None:
        print(result)
'''
#: Requirements that count as there, and one that can be installed.
BUILT_IN = ("pyyaml", "requests", "six")


class Sent(NamedTuple):
    """A request as the gateway got it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    #: The number of the connection.
    connection: int


@dataclass
class Function:
    """A deployed function."""

    deployment: dict[str, Any]
    folder: Path


@dataclass
class State:
    """What the gateway holds, open to tests."""

    folder: Path
    password: str = "1234"
    functions: dict[str, Function] = field(default_factory=dict)
    images: dict[str, Path] = field(default_factory=dict)
    #: The last archive of each image.
    archives: dict[str, bytes] = field(default_factory=dict)
    requests: list[Sent] = field(default_factory=list)
    #: Answers to give to the next requests of a path instead of the true ones: status, headers, body. None hangs up.
    scripted: dict[str, list[Optional[tuple[int, dict[str, str], bytes]]]] = field(default_factory=dict)
    arch: str = os.uname().machine
    namespaces: tuple[str, ...] = ("openfaas-fn", "dev")
    #: Set to let answers to /function/waiting go.
    gate: threading.Event = field(default_factory=threading.Event)
    #: Counts the calls that wait there.
    arrivals: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    connections: int = 0


class Server(ThreadingHTTPServer):
    """Says nothing of clients that leave before their answer comes."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Gateway:
    """Serves on a free port of this machine."""

    def __init__(self, folder: Path) -> None:
        self.state = State(folder)
        handler = type("Handler", (Answering,), {"state": self.state})
        self._server = Server(("127.0.0.1", 0), handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Answering(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    state: State

    def setup(self) -> None:
        super().setup()
        self.state.connections += 1
        self.number = self.state.connections

    def log_message(self, *arguments: Any) -> None:
        """Says nothing."""

    def answer(self) -> None:
        path = urlsplit(self.path).path
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.state.requests.append(Sent(self.command, self.path, headers, body, self.number))
        script = self.state.scripted.get(path)
        if script:
            reply = script.pop(0)
            if reply is None:
                self.close_connection = True
            else:
                self.reply(reply[0], reply[2], reply[1])
        elif path == "/healthz":
            self.reply(200, b"OK")
        elif path.startswith("/function/"):
            self.call(unquote(path.removeprefix("/function/")).split("/")[0], body)
        elif headers.get("authorization") != "Basic " + b64encode(f"admin:{self.state.password}".encode()).decode():
            self.reply(401, b"invalid credentials", {"WWW-Authenticate": 'Basic realm="Restricted"'})
        else:
            self.administer(path, body)

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def reply(self, status: int, body: bytes = b"", headers: Optional[dict[str, str]] = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), "Content-Type": "text/plain; charset=utf-8", **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def reply_json(self, value: Any, status: int = 200) -> None:
        self.reply(status, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def administer(self, path: str, body: bytes) -> None:
        functions = self.state.functions
        if path == "/system/info":
            self.reply_json({"arch": self.state.arch, "provider": {"provider": "reference"}})
        elif path == "/build":
            self.build(body)
        elif path.startswith("/system/function/"):
            name = unquote(path.removeprefix("/system/function/"))
            self.reply_json(self.status_of(name)) if name in functions else self.reply(404, b"no such function")
        elif path == "/system/functions" and self.command == "GET":
            self.reply_json([self.status_of(name) for name in functions])
        elif path == "/system/functions" and self.command == "DELETE":
            self.reply(200 if functions.pop(json.loads(body)["functionName"], None) else 404, b"No existing function to remove")
        elif path == "/system/functions":
            self.deploy(json.loads(body))
        else:
            self.reply(404, b"unknown path")

    def status_of(self, name: str) -> dict[str, Any]:
        deployment = self.state.functions[name].deployment
        return {"name": name, "labels": {}, "annotations": {}, **{key: value for key, value in deployment.items() if key != "service"}}

    def deploy(self, deployment: dict[str, Any]) -> None:
        namespace = deployment.get("namespace") or "openfaas-fn"
        name = deployment["service"] if namespace == "openfaas-fn" else f"{deployment['service']}.{namespace}"
        if self.command == "PUT" and name not in self.state.functions:
            self.reply(404, b"not deployed")
        elif namespace not in self.state.namespaces:
            self.reply(400, f"there is no namespace {namespace}".encode())
        elif deployment["image"] not in self.state.images:
            self.reply(400, b"build the image first")
        else:
            self.state.functions[name] = Function(deployment, self.state.images[deployment["image"]])
            self.reply(200 if self.command == "PUT" else 202)

    def build(self, body: bytes) -> None:
        with tarfile.open(fileobj=io.BytesIO(body), mode="r:") as tar:
            files = {each.name: tar.extractfile(each).read() for each in tar if each.isfile()}
        image = json.loads(files["com.openfaas.docker.config"])["image"]
        template = yaml.safe_load(files["context/template.yml"])
        inner = f"context/{template.get('handler_folder', 'function')}/"
        folder = self.state.folder / hashlib.sha256(body).hexdigest()
        for name, content in files.items():
            if name.startswith(inner):
                file = folder / "function" / name.removeprefix(inner)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
        error = ""
        requirements = files.get(f"{inner}requirements.txt", b"").decode().split()
        refused = [each for each in requirements if re.split("[=<>]", each)[0].lower() not in BUILT_IN]
        if template["language"] != "python3":
            error = f"there is no language {template['language']}"
        elif refused:
            error = f"not a pure-Python package: {', '.join(refused)}"
        else:
            done = self.run(folder, b"", "--import")
            error = done.stderr.decode() if done.returncode else ""
        if not error:
            self.state.images[image], self.state.archives[image] = folder, body
        steps = [
            {"log": [f"building {image}"], "image": image, "status": "in_progress", "error": ""},
            {"log": [], "image": image, "status": "failed" if error else "success", "error": error},
        ]
        self.reply(200, "".join(json.dumps(step) + "\n" for step in steps).encode(), {"Content-Type": "application/x-ndjson"})

    def call(self, route: str, body: bytes) -> None:
        name = route.removesuffix(".openfaas-fn")
        if name == "waiting":
            self.state.arrivals.release()
            self.state.gate.wait(60)
            self.reply(200, b"waited")
            return
        function = self.state.functions.get(name)
        if function is None:
            self.reply(404, f"error finding function {name}.openfaas-fn: not found".encode())
            return
        done = self.run(function.folder, body)
        is_combined = (function.deployment.get("envVars") or {}).get("combine_output") != "false"
        output = done.stdout + done.stderr if is_combined else done.stdout
        if done.returncode:
            output = f"exit status {done.returncode}\n".encode() + output
        self.reply(500 if done.returncode else 200, output)

    def run(self, folder: Path, body: bytes, *switches: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-I", "-X", "utf8", "-c", RUNNER]
        gateway = f"http://127.0.0.1:{self.server.server_port}/"
        return subprocess.run([*command, folder, gateway, *switches], input=body, capture_output=True, timeout=60)
