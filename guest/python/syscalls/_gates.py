"""Calls that make and use gates and services by their paths."""

from __future__ import annotations

import json
from typing import Any

from . import _operations as op
from . import _wire as wire
from ._entries import DirEntry, call
from ._errors import refused
from ._images import settings
from ._results import Reply, replied


class GateCalls:
    """Gates and services. A policy is `privilege,clearance`."""

    @refused(False)
    def fs_creategate(
        self, path: wire.Path, policy: wire.Label, app: wire.Path, memory: int, runtime: str = "python", **gate_settings: Any
    ) -> bool:
        """Makes a gate of a package, a blob's hash or path. `memory` is in MB."""
        wire.ask(
            op.FS_CREATE_GATE, wire.path(path), wire.label(policy), wire.path(app), wire.number(memory),
            wire.name(runtime), wire.encoded(settings(gate_settings)),
        )  # fmt: skip
        return True

    @refused(False)
    def fs_createredirectgate(
        self, path: wire.Path, policy: wire.Label, redirect_path: wire.Path, **gate_settings: Any
    ) -> bool:
        """Makes a gate that leads to another one, or to a directory with `app`, `runtime` and `memory`."""
        wire.ask(
            op.FS_CREATE_REDIRECT_GATE, wire.path(path), wire.label(policy), wire.path(redirect_path),
            wire.encoded(settings(gate_settings)),
        )  # fmt: skip
        return True

    @refused(False)
    def dup_gate(self, orig: wire.Path, path: wire.Path, policy: wire.Label) -> bool:
        """Makes a gate that does what another one does, with a policy of its own."""
        wire.ask(op.FS_DUP_GATE, wire.path(orig), wire.path(path), wire.label(policy))
        return True

    @refused(False)
    def fs_createservice(
        self, path: wire.Path, policy: wire.Label, label: wire.Label, url: str, verb: str | int = "GET",
        headers: str | dict[str, str] | None = None,
    ) -> bool:  # fmt: skip
        """Makes a service; `label` is joined with that of whoever gets its answers, `headers` are a JSON object."""
        fields = json.dumps(headers) if isinstance(headers, dict) else headers or ""
        verb = verb if isinstance(verb, str) else str(int(verb))
        wire.ask(
            op.FS_CREATE_SERVICE, wire.path(path), wire.label(policy), wire.label(label), url.encode(), verb.encode(),
            fields.encode(),
        )  # fmt: skip
        return True

    @refused(False)
    def invoke(self, gate: Any, payload: Any) -> bool:
        """Calls a gate and does not wait; tells whether it was begun."""
        is_path = isinstance(gate, (str, list, tuple))
        callee = wire.path(gate) if is_path else wire.handle(gate)
        return call(callee, payload, sync=False, by_handle=not is_path).success

    def invoke_service(self, service: Any, body: Any) -> Reply:
        """Sends a request with this body as JSON; `.data` and `.status` of the answer."""
        payload = wire.encoded(body)
        if isinstance(service, (int, DirEntry)):
            return call(wire.handle(service), payload, sync=True, by_handle=True)
        return call(wire.path(service), payload, sync=True)

    @refused(None)
    def invocation_result(self, id: str | None) -> Reply | None:
        """What a call answered that was not waited for; None while it runs, and where none was begun."""
        if id is None:
            return None
        return replied(wire.ask(op.INVOCATION_RESULT, wire.name(id)))

    # What GitHub was asked with before there were services.

    def github_rest_get(self, route: str, toblob: bool = False) -> Reply:
        """Not offered: status 0; make a service."""
        return _github()

    def github_rest_post(self, route: str, body: Any, toblob: bool = False) -> Reply:
        """Not offered: status 0; make a service."""
        return _github()

    github_rest_put = github_rest_delete = github_rest_post


def _github() -> Reply:
    return Reply(False, "NotAService")
