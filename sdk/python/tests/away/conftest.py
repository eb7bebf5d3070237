"""A gateway for the tests: the reference one, or the server that SWIFTLET_GATEWAY names, with SWIFTLET_PASSWORD."""

from __future__ import annotations

import importlib.util
import linecache
import os
import socket
import sys
import textwrap
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from away import FaasConnection

REAL = os.environ.get("SWIFTLET_GATEWAY")


def _reference_gateway() -> Any:
    """The module beside this file; the tests are no package."""
    if "reference_gateway" not in sys.modules:
        spec = importlib.util.spec_from_file_location("reference_gateway", Path(__file__).with_name("reference_gateway.py"))
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    return sys.modules["reference_gateway"]


class Address:
    """Where the gateway is, and its password."""

    def __init__(self, host: str, port: int, password: str) -> None:
        self.host, self.port, self.password = host, port, password


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The reference gateway. Tests that use it cannot run against a real server."""
    if REAL:
        pytest.skip("looks into the reference gateway")
    gateway = _reference_gateway().Gateway(tmp_path_factory.mktemp("gateway"))
    yield gateway
    gateway.close()


@pytest.fixture
def state(reference: Any) -> Iterator[Any]:
    """What the reference gateway holds and was asked."""
    reference.state.requests.clear()
    yield reference.state
    reference.state.scripted.clear()
    reference.state.gate.clear()
    reference.state.arrivals = type(reference.state)(reference.state.folder).arrivals


@pytest.fixture(scope="session")
def gateway(request: pytest.FixtureRequest) -> Address:
    """The address of the gateway, whichever it is."""
    if REAL:
        parts = urlsplit(REAL)
        return Address(parts.hostname, parts.port, os.environ["SWIFTLET_PASSWORD"])
    reference = request.getfixturevalue("reference")
    return Address("127.0.0.1", reference.port, reference.state.password)


@pytest.fixture
def faas(gateway: Address) -> Iterator[FaasConnection]:
    """A connection that is logged in."""
    with FaasConnection(gateway.host, gateway.port, "admin", gateway.password) as connection:
        yield connection


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty current directory, no proxy."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def named_hosts(gateway: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the hosts that the documents name mean the gateway."""
    connect = socket.create_connection

    def find(address: tuple[str, int], *arguments: Any, **options: Any) -> socket.socket:
        known = address in (("my-faas-server.com", 8080), ("localhost", 8080), ("faas.example.org", 8080))
        return connect((gateway.host, gateway.port) if known else address, *arguments, **options)

    monkeypatch.setattr(socket, "create_connection", find)


@pytest.fixture
def plain(faas: FaasConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Deploys a classic handler, without Away's protocol."""

    def deploy(name: str, handler: str) -> None:
        folder = tmp_path / "stack"
        (folder / name).mkdir(parents=True)
        (folder / name / "handler.py").write_text(textwrap.dedent(handler))
        (folder / f"{name}.yml").write_text(
            f"version: 1.0\nprovider:\n  name: openfaas\nfunctions:\n  {name}:\n    lang: python3\n    handler: ./{name}\n"
            f"    image: localhost:5000/{name}:latest\n")
        with monkeypatch.context() as inside:
            inside.chdir(folder)
            faas.publish_from_yaml(name)

    return deploy


FIBONACCI = """
def handle(req):
    a, b = 0, 1
    for _ in range(int(req)):
        a, b = b, a + b
    return a
"""


@pytest.fixture
def fibonacci(plain: Callable[[str, str], None]) -> None:
    """The plain function of the examples."""
    plain("fibonacci", FIBONACCI)


@pytest.fixture
def execute() -> Iterator[Callable[..., dict[str, Any]]]:
    """Runs a text as a module of its own, whose source Python finds, and returns its variables."""
    names: list[str] = []

    def run(text: str, /, **variables: Any) -> dict[str, Any]:
        name = f"example_{len(names)}"
        file = f"<{name}>"
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        module = type(sys)(name)
        sys.modules[name] = module
        names.append(name)
        module.__dict__.update(variables)
        exec(compile(text, file, "exec", dont_inherit=True), module.__dict__)
        return module.__dict__

    yield run
    for name in names:
        sys.modules.pop(name)
        linecache.cache.pop(f"<{name}>")


@pytest.fixture
def quietly() -> Iterator[None]:
    """No warnings: the test is about something else."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
