"""Makes proxies of deployed functions, and publishes functions.

All take, by keyword and beside what is written out, the options of `away.CallOptions`: `timeout`, `retries`, `typed`, `returns`,
`fallback`.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, overload

from . import _publishing
from ._calling import Calling, CallOptions
from ._invoking import Packer, Target, Unpacker, default_pack_args, default_unpack_args
from ._proxy import AsyncProxy, Proxy, SyncProxy
from .FaasConnection import FaasConnection
from .protocol import make_client_pack_args_fn, make_client_unpack_args_fn

if TYPE_CHECKING:
    from typing_extensions import ParamSpec, Unpack

    P = ParamSpec("P")
R = TypeVar("R")
AnyProxy = TypeVar("AnyProxy", bound=Proxy[..., Any])

__all__ = [
    "async_from_faas_str",
    "async_from_faas_str_with_protocol",
    "async_from_name",
    "async_from_name_with_protocol",
    "faas_function",
    "faas_function_with_protocol",
    "mirror_in_faas",
    "publish",
    "sync_from_faas_str",
    "sync_from_faas_str_with_protocol",
    "sync_from_name",
    "sync_from_name_with_protocol",
]


class Decorator(Protocol):
    """Puts a proxy in the place of a function, an async one in that of an `async def`."""

    @overload
    def __call__(self, function: Callable[P, Coroutine[Any, Any, R]], /) -> AsyncProxy[P, R]: ...  # type: ignore[overload-overlap]

    @overload
    def __call__(self, function: Callable[P, R], /) -> SyncProxy[P, R]: ...


def sync_from_name(
    function_name: str, faas: FaasConnection, namespace: str = "", ensure_present: bool = False,
    implicit_exception_handling: bool = True, pack_args: Packer = default_pack_args, unpack_args: Unpacker = default_unpack_args,
    replace_underscore: bool = True, is_auth: bool = False, verbose: bool = False, **options: Unpack[CallOptions],
) -> SyncProxy[..., Any]:
    """A proxy of the deployed function of this name, whose calls block.

    Its result is the response text as it is, or what `unpack_args` makes of it. Without `implicit_exception_handling` it is
    `(result, status)`, and no status is raised.
    """
    target = Target(
        function_name, faas, namespace, implicit_exception_handling, pack_args, unpack_args, replace_underscore, is_auth, verbose)
    return _proxy(SyncProxy, target, None, ensure_present, options)


def async_from_name(
    function_name: str, faas: FaasConnection, namespace: str = "", ensure_present: bool = False,
    implicit_exception_handling: bool = True, pack_args: Packer = default_pack_args, unpack_args: Unpacker = default_unpack_args,
    replace_underscore: bool = True, is_auth: bool = False, verbose: bool = False, **options: Unpack[CallOptions],
) -> AsyncProxy[..., Any]:
    """Like `sync_from_name`, but its calls are awaited."""
    target = Target(
        function_name, faas, namespace, implicit_exception_handling, pack_args, unpack_args, replace_underscore, is_auth, verbose)
    return _proxy(AsyncProxy, target, None, ensure_present, options)


def sync_from_name_with_protocol(
    function_name: str, faas: FaasConnection, namespace: str = "", ensure_present: bool = False,
    implicit_exception_handling: bool = True, replace_underscore: bool = True, is_auth: bool = False, verbose: bool = False,
    safe_args: bool = True, **options: Unpack[CallOptions],
) -> SyncProxy[..., Any]:
    """Like `sync_from_name`, for a function that was published with Away."""
    return sync_from_name(
        function_name, faas, namespace, ensure_present, implicit_exception_handling, make_client_pack_args_fn(safe_args),
        make_client_unpack_args_fn(safe_args), replace_underscore, is_auth, verbose, **options)


def async_from_name_with_protocol(
    function_name: str, faas: FaasConnection, namespace: str = "", ensure_present: bool = False,
    implicit_exception_handling: bool = True, replace_underscore: bool = True, is_auth: bool = False, verbose: bool = False,
    safe_args: bool = True, **options: Unpack[CallOptions],
) -> AsyncProxy[..., Any]:
    """Like `async_from_name`, for a function that was published with Away."""
    return async_from_name(
        function_name, faas, namespace, ensure_present, implicit_exception_handling, make_client_pack_args_fn(safe_args),
        make_client_unpack_args_fn(safe_args), replace_underscore, is_auth, verbose, **options)


def faas_function(
    faas: FaasConnection, namespace: str = "", ensure_present: bool = False, implicit_exception_handling: bool = True,
    pack_args: Packer = default_pack_args, unpack_args: Unpacker = default_unpack_args, replace_underscore: bool = True,
    is_auth: bool = False, verbose: bool = False, **options: Unpack[CallOptions],
) -> Decorator:
    """A decorator that makes a proxy of the deployed function that is called like the decorated one, whose body never runs."""

    def decorate(function: Callable[..., Any]) -> Any:
        target = Target(
            function.__name__, faas, namespace, implicit_exception_handling, pack_args, unpack_args, replace_underscore, is_auth, verbose)
        return _proxy(_publishing.proxy_kind(function), target, function, ensure_present, options)

    return decorate


def faas_function_with_protocol(
    faas: FaasConnection, namespace: str = "", ensure_present: bool = False, implicit_exception_handling: bool = True,
    replace_underscore: bool = True, is_auth: bool = False, verbose: bool = False, safe_args: bool = True, **options: Unpack[CallOptions],
) -> Decorator:
    """Like `faas_function`, for a function that was published with Away."""
    return faas_function(
        faas, namespace, ensure_present, implicit_exception_handling, make_client_pack_args_fn(safe_args),
        make_client_unpack_args_fn(safe_args), replace_underscore, is_auth, verbose, **options)


def publish(
    faas: FaasConnection, registry_prefix: str = "localhost:5000", safe_args: bool = True, annotations: Mapping[str, str] = {},
    module_imports: Sequence[str] = (), enable_dev_building: bool = False, server_unpack_args: Callable[[str], Any] | None = None,
    server_pack_args: Callable[[Any], str] | None = None, namespace: str = "", ensure_present: bool = False,
    implicit_exception_handling: bool = True, pack_args: Packer | None = None, unpack_args: Unpacker | None = None,
    replace_underscore: bool = True, is_auth: bool = False, verbose: bool = False, **options: Unpack[CallOptions],
) -> Decorator:
    """A decorator that deploys the function, and puts a proxy of it in its place. See `mirror_in_faas` for the parameters."""

    def decorate(function: Callable[..., Any]) -> Any:
        return _publish(
            function, faas, registry_prefix, safe_args, annotations, module_imports, server_unpack_args, server_pack_args, namespace,
            ensure_present, implicit_exception_handling, pack_args, unpack_args, is_auth, verbose, options, True)

    return decorate


@overload
def mirror_in_faas(fn: Callable[P, Coroutine[Any, Any, R]], faas: FaasConnection, *args: Any, **kwargs: Any) -> AsyncProxy[P, R]: ...


@overload
def mirror_in_faas(fn: Callable[P, R], faas: FaasConnection, *args: Any, **kwargs: Any) -> SyncProxy[P, R]: ...


def mirror_in_faas(
    fn: Callable[..., Any], faas: FaasConnection, registry_prefix: str = "localhost:5000", safe_args: bool = True,
    annotations: Mapping[str, str] = {}, module_imports: Sequence[str] = (), enable_dev_building: bool = False,
    server_unpack_args: Callable[[str], Any] | None = None, server_pack_args: Callable[[Any], str] | None = None,
    namespace: str = "", ensure_present: bool = False, implicit_exception_handling: bool = True, pack_args: Packer | None = None,
    unpack_args: Unpacker | None = None, replace_underscore: bool = True, is_auth: bool = False, verbose: bool = False,
    **options: Unpack[CallOptions],
) -> Any:
    """Deploys a function under its name, `-` standing for `_`, and returns a proxy of it. The function itself stays as it is.

    `module_imports` are lines of `requirements.txt`. `server_unpack_args` (text to `(arguments, count)`) and `server_pack_args`
    (result to text) replace the packing protocol on the server; then `pack_args` and `unpack_args` do so here.
    `enable_dev_building` and `replace_underscore` have no effect. Raises `EnsureException` for what cannot be published and
    `FaasReturnedError` where the server refuses. Warns of variables that are copied (`SyntaxWarning`), and of `safe_args=False`.
    """
    return _publish(
        fn, faas, registry_prefix, safe_args, annotations, module_imports, server_unpack_args, server_pack_args, namespace,
        ensure_present, implicit_exception_handling, pack_args, unpack_args, is_auth, verbose, options, False)


#: The names of older versions.
sync_from_faas_str, sync_from_faas_str_with_protocol = sync_from_name, sync_from_name_with_protocol
async_from_faas_str, async_from_faas_str_with_protocol = async_from_name, async_from_name_with_protocol


def _publish(
    function: Callable[..., Any], faas: FaasConnection, registry_prefix: str, safe_args: bool, annotations: Mapping[str, str],
    module_imports: Sequence[str], server_unpack_args: Callable[[str], Any] | None, server_pack_args: Callable[[Any], str] | None,
    namespace: str, ensure_present: bool, implicit_exception_handling: bool, pack_args: Packer | None,
    unpack_args: Unpacker | None, is_auth: bool, verbose: bool, options: CallOptions, is_decorated: bool,
) -> Any:
    is_own = server_unpack_args is not None or server_pack_args is not None
    pack = default_pack_args if is_own else make_client_pack_args_fn(safe_args)
    unpack = default_unpack_args if is_own else make_client_unpack_args_fn(safe_args)
    settings = {
        "implicit_exception_handling": implicit_exception_handling, "pack_args": pack_args or pack, "unpack_args": unpack_args or unpack,
        "is_auth": is_auth,
    }
    publication = _publishing.Publication(
        faas, registry_prefix, safe_args, annotations, module_imports, server_unpack_args, server_pack_args, namespace, ensure_present,
        verbose, is_decorated, settings)

    def make_proxy(target: Target, local: Callable[..., Any]) -> Any:
        return _proxy(_publishing.proxy_kind(local), target, local, False, options)

    return publication.publish(function, make_proxy, stacklevel=4)


def _proxy(
    kind: type[AnyProxy], target: Target, local: Callable[..., Any] | None, ensure_present: bool, options: CallOptions,
) -> AnyProxy:
    target = target.with_options(Calling(**options), local)
    if ensure_present:
        target.faas.ensure_fn_present(target.name)
    if target.is_auth:
        target.faas.ensure_auth()
    return kind(target, local)
