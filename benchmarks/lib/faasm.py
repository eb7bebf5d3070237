"""Faasm's paths of a server of the benchmark."""

from __future__ import annotations

import json
import urllib.request

from lib.load import Target
from lib.swiftlet import Swiftlet


def upload(server: Swiftlet, name: str, content: bytes, kind: str = "p") -> None:
    """Uploads Python (`p`) or a module (`f`) as a function of `bench`."""
    url = f"{server.url}/faasm/upload/{kind}/bench/{name}"
    urllib.request.urlopen(urllib.request.Request(url, content, method="PUT"), timeout=120).close()


def ask(server: Swiftlet, name: str, argument: object) -> object:
    """Calls a function that takes and gives JSON."""
    body = json.dumps(argument).encode()
    with urllib.request.urlopen(f"{server.url}/faasm/call/bench/{name}", body, timeout=600) as answer:
        return json.loads(answer.read())


def target(server: Swiftlet, name: str) -> Target:
    """What wrk shall ask."""
    return Target(server.pid, server.url, f"/faasm/call/bench/{name}", b"")
