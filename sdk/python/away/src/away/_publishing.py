"""Publishes functions: builds a handler, deploys it, and makes the proxy for it."""

from __future__ import annotations

import inspect
import platform
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import _gateway, _handler, _invoking, _source, _templates
from ._proxy import AsyncProxy, Proxy, SyncProxy
from .common_utils import bare_namespace, deployed_name
from .exceptions import EnsureException
from .FaasConnection import FaasConnection


@dataclass(frozen=True)
class Publication:
    """What is asked of publishing, beside the function."""

    faas: FaasConnection
    registry_prefix: str
    safe_args: bool
    annotations: Mapping[str, str]
    module_imports: Sequence[str]
    server_unpack_args: Callable[..., Any] | None
    server_pack_args: Callable[..., Any] | None
    namespace: str
    ensure_present: bool
    verbose: bool
    #: Whether the proxy takes the function's place.
    is_decorated: bool
    #: The proxy's other settings, by the names of `Target`.
    proxy: Mapping[str, Any] = field(default_factory=dict)

    def publish(
        self, function: Callable[..., Any], make_proxy: Callable[[_invoking.Target, Callable[..., Any]], Any], stacklevel: int,
    ) -> Any:
        """Builds and deploys the function and returns its proxy. Raises `EnsureException` and `FaasReturnedError`."""
        self._check(function, stacklevel + 1)
        name = deployed_name(function.__name__)
        handler = _handler.make(
            function, self.faas, is_decorated=self.is_decorated, safe_args=self.safe_args, server_unpack_args=self.server_unpack_args,
            server_pack_args=self.server_pack_args, module_imports=list(self.module_imports), stacklevel=stacklevel + 1)
        image = f"{self.registry_prefix}/{name}:latest" if self.registry_prefix else f"{name}:latest"
        # Made first: options that cannot be must not leave a function behind.
        proxy = make_proxy(self._target(function), function)
        self._tell(f"building {image}")
        _gateway.build(self.faas, image, _files(handler), self._tell)
        self._tell(f"deploying {name}")
        _gateway.deploy(self.faas, self._deployment(name, image))
        if self.ensure_present:
            self.faas.ensure_fn_present(name)
        return proxy

    @property
    def _has_own_server_functions(self) -> bool:
        return self.server_unpack_args is not None or self.server_pack_args is not None

    def _check(self, function: Callable[..., Any], stacklevel: int) -> None:
        if isinstance(function, Proxy):
            raise EnsureException(f"{function.__name__} is a proxy; only local functions can be published")
        _handler.check(function, deployed_name(getattr(function, "__name__", "")))
        if inspect.isasyncgenfunction(function):
            raise EnsureException(f"{function.__name__} is an asynchronous generator, which cannot run on the server")
        if inspect.iscoroutinefunction(function) and _source.awaits(_source.node_of(inspect.unwrap(function))):
            raise EnsureException(f"{function.__name__} awaits in its body; on the server it runs as a plain function, without a loop")
        if (self.server_unpack_args is None) != (self.server_pack_args is None):
            raise EnsureException("Give both server_unpack_args and server_pack_args, or neither")
        self.faas.ensure_auth()
        architecture = self.faas.server_architecture
        if architecture is not None and architecture != platform.machine():
            here = platform.machine()
            warnings.warn(f"The server's architecture is {architecture}, this machine's is {here}", stacklevel=stacklevel)
        if not self.safe_args:
            warnings.warn(
                f"{function.__name__} is published in unsafe mode: whoever may call it can run code on the server, and its results can"
                " run code here", UserWarning, stacklevel)

    def _target(self, function: Callable[..., Any]) -> _invoking.Target:
        return _invoking.Target(function.__name__, self.faas, self.namespace, verbose=self.verbose, **self.proxy)

    def _deployment(self, name: str, image: str) -> dict[str, Any]:
        annotations = {str(key): str(value) for key, value in self.annotations.items()}
        if not self._has_own_server_functions:
            annotations["built-with"] = "away"
        deployment = {
            "service": name, "image": image, "envProcess": _templates.PROCESS, "labels": {}, "annotations": annotations,
            # The standard output alone is the result: the handler's frame sends everything else to the standard error.
            "envVars": {"combine_output": "false"},
        }
        if self.namespace:
            deployment["namespace"] = bare_namespace(self.namespace)
        return deployment

    def _tell(self, step: str) -> None:
        if self.verbose:
            print(step)


def proxy_kind(function: Callable[..., Any]) -> type[SyncProxy[..., Any]] | type[AsyncProxy[..., Any]]:
    """The proxy for a function: async for `async def`."""
    return AsyncProxy if inspect.iscoroutinefunction(function) else SyncProxy


def _files(handler: _handler.Handler) -> dict[str, bytes]:
    own = {
        "__init__.py": b"", "handler.py": handler.source.encode(),
        "requirements.txt": "".join(f"{line}\n" for line in handler.requirements).encode(),
    }
    return {**_templates.RUNNER_FILES, **{f"function/{name}": content for name, content in own.items()}}
