"""The connection to a gateway."""

from __future__ import annotations

import warnings
from typing import Any
from urllib.parse import quote

from . import _gateway, _stack
from ._http import Transport, basic
from .common_utils import deployed_name
from .exceptions import EnsureException, FaasServiceUnavailableException


class FaasConnection:
    """A gateway, and the login there.

    With a user and a password it logs in at once, unless `ensure_available` is false: then nothing is asked of the gateway.
    Connections are kept for further requests; threads may share the object. `with` closes them at its end.
    """

    #: `USER:PASSWORD@ADDRESS` once logged in. Setting it counts as a login.
    auth_address: str | None
    #: The processor of the server's machine as `platform.machine()` spells it, such as `x86_64`.
    server_architecture: str | None

    def __init__(
        self, provider: str = "localhost", port: int = 8080, user: str | None = "admin", password: str | int | None = None,
        ensure_available: bool = True, server_architecture: str | None = None,
    ) -> None:
        self.transport = Transport(f"{provider}:{port}")
        self.auth_address = None
        self.server_architecture = server_architecture
        if ensure_available:
            self.ensure_available()
        if (user is None) != (password is None):
            given = "user" if password is None else "password"
            warnings.warn(f"Only a {given} was given: authentication stays blank", Warning, stacklevel=2)
        elif user is not None and ensure_available:
            self._log_in(f"{user}:{password}")
            if self.server_architecture is None:
                self.server_architecture = self.get_sysinfo().get("arch")

    @property
    def address(self) -> str:
        """`PROVIDER:PORT`."""
        return self.transport.address

    def __repr__(self) -> str:
        indent = " " * 8
        return "\n".join([
            f"FaasConnection at endpoint: {self.address};",
            f"{indent}Arch: {self.server_architecture or 'unknown'},",
            f"{indent}Auth details: {'Logged in' if self.is_auth() else 'Not logged in'},",
            f"{indent}Is Available: {self.is_available()}",
        ])

    def __enter__(self) -> FaasConnection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections that rest. The object can be used again."""
        self.transport.close()

    def ensure_available(self) -> None:
        """Raises `EnsureException` unless the gateway is healthy, `FaasServiceUnavailableException` where there is none."""
        reply = self.transport.request("GET", "/healthz")
        if reply.status != 200:
            raise EnsureException(f"OpenFaaS at {self.address} is not healthy: it answered {reply.status}")

    def is_available(self) -> bool:
        """Whether the gateway is healthy."""
        try:
            self.ensure_available()
        except (EnsureException, FaasServiceUnavailableException):
            return False
        return True

    def is_auth(self) -> bool:
        """Whether there is a login."""
        return self.auth_address is not None

    def ensure_auth(self) -> None:
        """Raises `EnsureException` unless there is a login."""
        if not self.is_auth():
            raise EnsureException(f"OpenFaaS connection is not auth: log in to {self.address} with a user and a password")

    def auth_headers(self) -> dict[str, str]:
        """The login as a header. Raises `EnsureException` where there is none."""
        self.ensure_auth()
        login = (self.auth_address or "").rpartition("@")[0]
        return {"Authorization": basic(login)}

    def get_faas_functions(self) -> list[str]:
        """The names of the deployed functions. Raises `FaasReturnedError`."""
        self.ensure_auth()
        return [each["name"] for each in _gateway.read(self, _gateway.FUNCTIONS) or []]

    def check_fn_present(self, name: str) -> bool:
        """Whether a function of this name is deployed. Raises `FaasReturnedError`."""
        return name in self.get_faas_functions()

    def ensure_fn_present(self, name: str) -> None:
        """Raises `EnsureException` unless a function of this name is deployed."""
        available = self.get_faas_functions()
        if name not in available:
            raise EnsureException(f"Function {name} is not deployed; available are: {', '.join(sorted(available)) or 'none'}")

    def get_function_annotations(self, name: str) -> dict[str, str]:
        """The annotations of a deployed function. Raises `FaasReturnedError`."""
        self.ensure_auth()
        annotations: dict[str, str] | None = _gateway.read(self, f"/system/function/{quote(name, safe='')}?usage=1").get("annotations")
        return annotations or {}

    def is_away_protocol(self, name: str) -> bool:
        """Whether a deployed function was published with Away and takes its protocol."""
        return self.get_function_annotations(name).get("built-with") == "away"

    def get_sysinfo(self) -> dict[str, Any]:
        """What the gateway says about itself. Raises `FaasReturnedError`."""
        self.ensure_auth()
        info: dict[str, Any] = _gateway.read(self, "/system/info")
        return info

    def remove_fn(self, name: str) -> None:
        """Removes a function, `-` standing for `_`, from this gateway. Raises `FaasReturnedError`."""
        self.ensure_auth()
        _gateway.remove(self, deployed_name(name))

    def create_from_template(self, registry_prefix: str, fn_name: str) -> None:
        """Writes a new function into the current directory: its folder, its stack file, and the template unless it is there.

        Raises `EnsureException` where the folder or the file exists.
        """
        self.ensure_auth()
        _stack.create(registry_prefix, deployed_name(fn_name))

    def publish_from_yaml(self, fn_name: str) -> None:
        """Builds and deploys what the stack file `FN-NAME.yml` of the current directory describes.

        Raises `EnsureException` for a file that cannot be used and `FaasReturnedError` for a refusal of the server.
        """
        self.ensure_auth()
        _stack.publish(self, deployed_name(fn_name))

    def _log_in(self, login: str) -> None:
        self.auth_address = f"{login}@{self.address}"
        try:
            self.get_faas_functions()
        except Exception:
            self.auth_address = None
            raise
