"""The steps of operations."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Optional, TypeVar, Union

from ..exceptions import FaaspotException

Result = TypeVar("Result")


@dataclass(frozen=True)
class Request:
    """A request to send."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    #: The value to send as JSON.
    body: Any = None
    has_body: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Whether sending it twice does no more than sending it once.
    is_repeatable: bool = False
    #: How much longer than usual the server may be silent; None for ever.
    patience_seconds: Optional[float] = 0.0


@dataclass(frozen=True)
class Reply:
    """The JSON of an answer with status 200, and its headers, whose names are in lower case."""

    value: Any
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Pause:
    """Time to let pass."""

    seconds: float


Operation = Generator[Union[Request, Pause], Any, Result]


def get(path: str, query: Optional[Mapping[str, str]] = None, patience_seconds: float = 0.0) -> Operation[Reply]:
    """Asks for something, changing nothing."""
    reply: Reply = yield Request("GET", path, query or {}, is_repeatable=True, patience_seconds=patience_seconds)
    return reply


def send(method: str, path: str, body: Any = None, *, is_repeatable: bool = False) -> Operation[Any]:
    """Asks for a change, and returns the answer. Without a body where that is None."""
    reply: Reply = yield Request(method, path, body=body, has_body=body is not None, is_repeatable=is_repeatable)
    return reply.value


def uuid(answer: Any) -> str:
    """The id in an answer, which is that id or an object with it."""
    found = answer.get("uuid") if isinstance(answer, dict) else answer
    if not isinstance(found, str):
        raise unexpected("the id of an execution")
    return found


def mapping(answer: Any) -> Any:
    """The answer, if it is an object."""
    if not isinstance(answer, dict):
        raise unexpected("an object")
    return answer


def sequence(answer: Any) -> Any:
    """The answer, if it is a list."""
    if not isinstance(answer, list):
        raise unexpected("a list")
    return answer


def unexpected(wanted: str) -> FaaspotException:
    """The failure for an answer of another form."""
    return FaaspotException(f"The answer is not {wanted}. Is this a FaaSpot server?")
