"""One call of a deployed function: packed, sent, sent again where that helps, unpacked."""

from __future__ import annotations

import functools
import inspect
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from . import _results
from ._calling import ANYTHING, Calling
from ._connection import Reply
from ._http import NotReachedError, SilenceError
from .common_utils import CLUSTER_GATEWAY, deployed_name, route
from .exceptions import EnsureException, FaasFunctionTimedOutError, FaasReturnedError, FaasServiceUnavailableException
from .protocol import is_safe_protocol

if TYPE_CHECKING:
    from .FaasConnection import FaasConnection

Packer = Callable[[Iterable[Any]], str | bytes]
Unpacker = Callable[[str], Any]

logger = logging.getLogger("away")

#: Status of the gateway when a function timed out; it is used for nothing else.
TIMED_OUT = 502
#: Answers that say that the function was not run because it could not be just now.
CANNOT_SERVE = frozenset((429, 503))


def default_pack_args(args: Iterable[Any]) -> str:
    """The arguments as text, one after the other."""
    return "".join(str(each) for each in args)


def default_unpack_args(text: str) -> str:
    """The response text as it is."""
    return text


@dataclass(frozen=True)
class Target:
    """What a proxy calls, and how."""

    function_name: str
    faas: FaasConnection
    namespace: str = ""
    implicit_exception_handling: bool = True
    pack_args: Packer = default_pack_args
    unpack_args: Unpacker = default_unpack_args
    replace_underscore: bool = True
    is_auth: bool = False
    verbose: bool = False
    calling: Calling = Calling()
    #: The options as they were given, before `typed` and `fallback=True` were looked up.
    given_options: dict[str, Any] = field(default_factory=dict)

    @functools.cached_property
    def name(self) -> str:
        """The name on the gateway."""
        return deployed_name(self.function_name) if self.replace_underscore else self.function_name

    @functools.cached_property
    def path(self) -> str:
        return f"/function/{quote(route(self.name, self.namespace), safe='')}"

    @property
    def url(self) -> str:
        return f"http://{self.faas.address}{self.path}"

    @property
    def cluster_url(self) -> str:
        """Where functions on the same gateway find it."""
        return CLUSTER_GATEWAY + self.path

    @property
    def is_safe_protocol(self) -> bool | None:
        """Whether calls use the safe packing protocol (True) or the unsafe one (False); None: neither."""
        return is_safe_protocol(self.pack_args, self.unpack_args)

    def with_options(self, calling: Calling, local: Callable[..., Any] | None) -> Target:
        """The same target called otherwise. `local` is where `typed` finds its annotation, and what `fallback=True` calls."""
        given = {name: value for name, value in vars(calling).items() if name != "policy"}
        if calling.typed and calling.returns is ANYTHING:
            calling = replace(calling, returns=_annotation(local, self.function_name))
        if calling.fallback is True:
            if local is None:
                raise EnsureException(f"{self.function_name} was made from a name; give a function as its fallback")
            calling = replace(calling, fallback=local)
        return replace(self, calling=calling, given_options=given)


def call(target: Target, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The result of a call, or `(result, status)` where the target does not raise errors."""
    if kwargs:
        raise TypeError(f"{target.function_name}() takes its arguments by position only; got {', '.join(kwargs)} by name")
    packed = target.pack_args(args)
    if not isinstance(packed, (str, bytes)):
        raise TypeError(f"pack_args of {target.function_name} returned {type(packed).__name__}; it must return str or bytes")
    body = packed.encode() if isinstance(packed, str) else packed
    fallback = target.calling.fallback
    try:
        reply = _reply(target, body or None)
    except FaasServiceUnavailableException as error:
        if not callable(fallback):
            raise
        return _locally(target, fallback, args, error.message)
    if reply.status in CANNOT_SERVE and callable(fallback):
        return _locally(target, fallback, args, f"the gateway answered {reply.status}")
    return _result(target, reply)


def _locally(target: Target, fallback: Callable[..., Any], args: tuple[Any, ...], cause: str) -> Any:
    logger.warning("%s runs locally: %s", target.function_name, cause)
    value = fallback(*args)
    # No server answered: there is no status.
    return value if target.implicit_exception_handling else (value, 0)


def _result(target: Target, reply: Reply) -> Any:
    if target.implicit_exception_handling:
        if reply.status == TIMED_OUT:
            raise FaasFunctionTimedOutError(f"Function {target.name} timed out")
        if reply.status != 200:
            raise FaasReturnedError(f"Function returned non 200 code: {reply.status}, {reply.text}", reply.status)
    value = target.unpack_args(reply.text)
    returns = target.calling.returns
    if returns is not ANYTHING and reply.status == 200:
        is_text = target.unpack_args is default_unpack_args
        value = _results.from_text(value, returns) if is_text else _results.from_value(value, returns)
    return value if target.implicit_exception_handling else (value, reply.status)


def _reply(target: Target, body: bytes | None) -> Reply:
    """The answer to the last attempt. Raises what made the last one fail."""
    policy, made = target.calling.policy, 0
    while True:
        try:
            reply = _attempt(target, body)
        except FaasServiceUnavailableException as error:
            may_repeat = isinstance(error, NotReachedError) or policy.even_if_it_may_have_run
            pause = policy.pause(made) if may_repeat else None
            if pause is None:
                if isinstance(error, SilenceError):
                    raise FaasFunctionTimedOutError(f"Function {target.name} timed out") from error
                raise
        else:
            pause = policy.pause(made, _retry_after(reply)) if reply.status in policy.statuses else None
            if pause is None:
                return reply
        made += 1
        if target.verbose:
            _tell(target, f"attempt {made} failed; the next one in {pause:.1f} s")
        time.sleep(pause)


def _attempt(target: Target, body: bytes | None) -> Reply:
    if target.verbose:
        _tell(target, f"GET {target.url} with {len(body or b'')} bytes")
    headers = target.faas.auth_headers() if target.is_auth else {}
    reply = target.faas.transport.request("GET", target.path, body, headers, target.calling.timeout)
    if target.verbose:
        _tell(target, f"{reply.status} with {len(reply.body)} bytes")
    return reply


def _tell(target: Target, step: str) -> None:
    print(f"{target.function_name}: {step}")


def _retry_after(reply: Reply) -> float:
    """The seconds that the gateway asks to wait; 0 where it does not, or gives a date."""
    try:
        return max(0.0, float(reply.headers.get("retry-after", "")))
    except ValueError:
        return 0.0


def _annotation(local: Callable[..., Any] | None, name: str) -> Any:
    """What the function says that it returns."""
    if local is None:
        raise EnsureException(f"{name} was made from a name; say with returns= what typed= should check")
    try:
        signature = inspect.signature(local, eval_str=True)
    except NameError as error:
        raise EnsureException(f"The annotations of {name} cannot be read: {error}; say with returns= what to check") from error
    if signature.return_annotation is inspect.Signature.empty:
        raise EnsureException(f"{name} has no return annotation; add one, or say with returns= what typed= should check")
    return signature.return_annotation
