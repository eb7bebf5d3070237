"""Functions: list, get, create, update, delete."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any, Optional, Union

from .. import _texts
from .._routes import Routes
from .._texts import File
from ..exceptions import FaaspotException
from ..types import Function, FunctionSummary, RetryPolicy, Submitted
from . import waiting
from .steps import Operation, get, mapping, send, sequence, uuid


class Unchanged(enum.Enum):
    """Stands for a setting that stays as it is, where None means something."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


def list_functions(routes: Routes) -> Operation[list[FunctionSummary]]:
    found: list[FunctionSummary] = sequence((yield from get(routes.functions)).value)
    return found


def get_function(routes: Routes, name: str) -> Operation[Function]:
    found: Function = mapping((yield from get(routes.function(name))).value)
    if isinstance(found.get("code"), str):
        found["code"] = _texts.decode(found["code"])
    return found


def create(
    routes: Routes,
    name: str,
    file: File,
    context_file: Optional[File],
    requirements_file: Optional[File],
    wait: bool,
    timeout_ms: float,
    interval_ms: float,
    limits: Optional[Mapping[str, int]],
    retry: Optional[RetryPolicy],
    concurrency: Optional[int],
) -> Operation[Any]:
    body: dict[str, Any] = {
        "name": name,
        "code": _texts.encode(_texts.read(file)),
        "context": _texts.encode(_texts.read(context_file)) if context_file is not None else "",
    }
    if requirements_file is not None:
        body["requirements"] = _texts.encode(_texts.read(requirements_file))
    extras = {"limits": limits, "retry": retry, "concurrency": concurrency}
    body.update({key: value for key, value in extras.items() if value is not None})
    identifier = uuid((yield from send("PUT", routes.functions, body)))
    if wait:
        return (yield from waiting.outcome(routes, identifier, "create", timeout_ms, interval_ms))
    return f"Execution id: {identifier}"


def update(
    routes: Routes,
    name: str,
    file: Optional[File],
    context_file: Optional[File],
    new_name: Optional[str],
    wait: bool,
    requirements_file: Optional[File],
    timeout_ms: float,
    interval_ms: float,
    limits: Optional[Mapping[str, int]],
    retry: Optional[RetryPolicy],
    concurrency: Union[int, None, Unchanged],
) -> Operation[Any]:
    texts = {"code": file, "context": context_file, "requirements": requirements_file}
    body: dict[str, Any] = {key: _texts.encode(_texts.read(each)) for key, each in texts.items() if each is not None}
    extras = {"name": new_name, "limits": limits, "retry": retry}
    body.update({key: value for key, value in extras.items() if value is not None})
    if concurrency is not UNCHANGED:
        body["concurrency"] = concurrency
    if not body:
        raise FaaspotException("No action requested.")
    answer: Submitted = mapping((yield from send("PATCH", routes.function(name), body)))
    if wait:
        return (yield from waiting.outcome(routes, uuid(answer), "update", timeout_ms, interval_ms))
    return answer


def delete(routes: Routes, name: str, wait: bool, timeout_ms: float, interval_ms: float) -> Operation[Any]:
    answer: Submitted = mapping((yield from send("DELETE", routes.function(name))))
    if wait:
        return (yield from waiting.outcome(routes, uuid(answer), "delete", timeout_ms, interval_ms))
    return answer


def as_text(function: Function) -> str:
    """A function as the command line shows it: a line for each key, then the code."""
    lines = [f"{key:<15}| {value}" for key, value in function.items() if key != "code"]
    return "\n".join([*lines, "code:", function["code"]])
