"""What this package asks of a gateway beside calls: its functions, building and deploying."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ._connection import Reply
from .exceptions import FaasReturnedError

if TYPE_CHECKING:
    from .FaasConnection import FaasConnection

FUNCTIONS = "/system/functions"
_JSON = {"Content-Type": "application/json"}


def ask(faas: FaasConnection, method: str, path: str, value: Any = None) -> Reply:
    """Sends a request with the login."""
    body = None if value is None else json.dumps(value).encode()
    return faas.transport.request(method, path, body, {**_JSON, **faas.auth_headers()})


def read(faas: FaasConnection, path: str) -> Any:
    """The JSON at this path. Raises `FaasReturnedError` for every status but 200."""
    reply = ask(faas, "GET", path)
    if reply.status != 200:
        raise refusal(f"GET {path}", reply)
    try:
        return json.loads(reply.body)
    except ValueError as error:
        raise FaasReturnedError(f"GET {path}: the gateway did not answer with JSON", reply.status) from error


def remove(faas: FaasConnection, name: str) -> None:
    """Deletes a function. Raises `FaasReturnedError`."""
    reply = ask(faas, "DELETE", FUNCTIONS, {"functionName": name})
    if reply.status not in (200, 201, 202):
        raise refusal(f"Removing {name}", reply)


def build(faas: FaasConnection, image: str, files: Mapping[str, bytes], tell: Callable[[str], None]) -> None:
    """Builds an image from the files of its context. Raises `FaasReturnedError` with the server's text.

    `files` are named from the context's root, such as `function/handler.py`; `tell` gets the lines of the build's log.
    """
    headers = {"Content-Type": "application/octet-stream", "Accept": "application/x-ndjson", **faas.auth_headers()}
    reply = faas.transport.request("POST", "/build", archive(image, files), headers)
    if reply.status not in (200, 202):
        raise refusal(f"Building {image}", reply)
    log: list[str] = []
    last: dict[str, Any] | None = None
    for line in reply.body.decode("utf-8", errors="replace").splitlines():
        if line.strip():
            last = _step(image, line)
            log += last.get("log") or []
    for each in log:
        tell(each)
    if last is None or last.get("status") not in ("success", "failed"):
        raise FaasReturnedError(f"Building {image}: the answer of the server ends before the build did")
    if last["status"] == "failed":
        raise FaasReturnedError("\n".join([f"Building {image} failed: {last.get('error') or 'the server does not say why'}", *log]))


def deploy(faas: FaasConnection, deployment: Mapping[str, Any]) -> None:
    """Deploys an image that was built, over a function of the same name. Raises `FaasReturnedError`."""
    reply = ask(faas, "PUT", FUNCTIONS, deployment)
    if reply.status == 404:
        reply = ask(faas, "POST", FUNCTIONS, deployment)
    if reply.status not in (200, 202):
        raise refusal(f"Deploying {deployment['service']}", reply)


def archive(image: str, files: Mapping[str, bytes]) -> bytes:
    """The body of a build: the same files give the same bytes."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar:
        members = {"com.openfaas.docker.config": json.dumps({"image": image}).encode()}
        members.update({f"context/{name}": content for name, content in sorted(files.items())})
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def refusal(what: str, reply: Reply) -> FaasReturnedError:
    """The error for an answer that is no success."""
    return FaasReturnedError(f"{what}: {reply.status}, {reply.text.strip()}", reply.status)


def _step(image: str, line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise FaasReturnedError(f"Building {image}: the server sent a line that is no step of a build: {line[:200]}")
    return value
