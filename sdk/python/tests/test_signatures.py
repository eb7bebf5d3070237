"""The signatures that programs for the older clients rely on, and the likeness of both clients."""

from __future__ import annotations

import inspect

import pytest

from faaspot import AsyncFaaspot, Faaspot

WAITING = "wait=False, timeout_ms=600000, interval_ms=3000"

CONTRACT = {
    "functions": {
        "list": "", "get": "name, pretty_print=False", "delete": f"name, {WAITING}",
        "samples": "hello_world=False, get_content=False, sleep=False",
        "create": f"name, file, context_file=None, requirements_file=None, {WAITING}",
        "update": "name, file=None, context_file=None, new_name=None, wait=False, requirements_file=None, file_obj=None,"
                  " timeout_ms=600000, interval_ms=3000",
        "run": "name, parameters=None, wait=False", "run_bulk": "name, parameters",
    },
    "executions": {
        "list": "include_completed=False, deployment=None", "get": f"uuid, {WAITING}", "get_bulk": "uuids", "cancel": "uuid",
    },
    "spots": {
        "list": "", "get": "ip", "add": f"provider=None, availability_zone=None, {WAITING}", "remove": f"ip=None, {WAITING}",
        "update": "min, max", "refresh_ip": f"ip=None, {WAITING}", "replace": "ip",
    },
    "profiles": {
        "list": "all=False", "get": "name", "use": "name, suppress_error=False", "current": "",
        "delete": "name, suppress_error=False",
        "update": "name, username=None, password=None, application=None, token=None, host=None, port=None, protocol=None,"
                  " certificate=None",
        "create": "name=None, username=None, password=None, application=None, token=None, host=None, port=None, protocol=None,"
                  " certificate=None, update_if_exist=False, set_as_active_profile=False",
    },
}


def positional(method) -> str:
    """The parameters that may be given by place, as they are written, without types."""
    parameters = inspect.signature(method).parameters.values()
    return ", ".join(str(each.replace(annotation=each.empty)) for each in parameters if each.kind == each.POSITIONAL_OR_KEYWORD)


@pytest.mark.parametrize("kind", [Faaspot, AsyncFaaspot])
@pytest.mark.parametrize("attribute", CONTRACT)
def test_methods_take_what_the_older_clients_took(kind, attribute):
    part = getattr(kind(), attribute)
    assert {name: positional(getattr(part, name)) for name in CONTRACT[attribute]} == CONTRACT[attribute]


def test_the_client_takes_no_arguments():
    for kind in (Faaspot, AsyncFaaspot):
        assert not inspect.signature(kind).parameters


def test_parts_have_two_names_and_return_themselves_when_called():
    client = Faaspot()
    assert client.deployments is client.functions and client.nodes is client.spots
    for part in (client.functions, client.executions, client.spots, client.profiles, client.dead_letters, client.tokens):
        assert part() is part


@pytest.mark.parametrize("attribute", ["functions", "executions", "spots", "dead_letters", "tokens"])
def test_both_clients_have_the_same_methods(attribute):
    def methods(kind) -> dict[str, str]:
        found = inspect.getmembers(getattr(kind(), attribute), callable)
        # The generators of one are the asynchronous generators of the other.
        return {name: str(inspect.signature(method)).replace("AsyncIterator", "Iterator")
                for name, method in found if not name.startswith("_")}

    assert methods(Faaspot) == methods(AsyncFaaspot)
    for name in methods(AsyncFaaspot):
        method = getattr(getattr(AsyncFaaspot(), attribute), name)
        assert inspect.iscoroutinefunction(method) or inspect.isasyncgenfunction(method), name
