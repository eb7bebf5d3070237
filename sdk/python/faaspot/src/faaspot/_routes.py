"""The paths of the HTTP API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional
from urllib.parse import quote


@dataclass(frozen=True)
class Routes:
    """The paths; with an application, in the form of client 0.1.6, else of the clients before it."""

    prefix: str = "v1"
    application: Optional[str] = None

    def path(self, *parts: str) -> str:
        """A path of parts, each escaped. An empty one at the end makes a slash there."""
        return "/" + "/".join([self.prefix, *(quote(part, safe="") for part in parts)])

    @property
    def _application(self) -> list[str]:
        return [self.application] if self.application else []

    def qualified(self, name: Optional[str]) -> Optional[str]:
        """A function in a query, where its application is part of the name."""
        return f"{self.application}/{name}" if name and self.application and "/" not in name else name

    @property
    def functions(self) -> str:
        return self.path("functions", *self._application, "")

    def function(self, name: str) -> str:
        return self.path("functions", *self._application, name)

    def run(self, name: str) -> str:
        return self.path("functions", *self._application, name, "rpc", "")

    def run_and_wait(self, name: str) -> str:
        return self.path("sync", "functions", *self._application, name, "rpc", "")

    def run_in_bulk(self, name: str) -> str:
        return self.path("functions", *self._application, name, "bulk_rpc", "")

    @property
    def _spots(self) -> list[str]:
        return ["nodes", self.application] if self.application else ["spots"]

    @property
    def spots(self) -> str:
        return self.path(*self._spots, "")

    def spot(self, ip: str) -> str:
        return self.path(*self._spots, ip)

    def replace_spot(self, ip: str) -> str:
        return self.path(*self._spots, "replace", ip)
