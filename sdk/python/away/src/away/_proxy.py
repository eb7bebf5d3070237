"""Proxies: what stands in the place of a deployed function."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import inspect
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from . import _invoking
from ._calling import Calling, CallOptions

if TYPE_CHECKING:
    from typing_extensions import ParamSpec, Self, Unpack

    Parameters = ParamSpec("Parameters")
else:
    from typing import ParamSpec

    Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

#: How many calls of async proxies are under way at one time; further ones wait.
MAXIMUM_ASYNC_CALLS = 64
#: How many calls of one `map` are under way at one time unless told otherwise.
CONCURRENCY = 16

_threads = ThreadPoolExecutor(MAXIMUM_ASYNC_CALLS, thread_name_prefix="away")


def _renew_threads() -> None:
    """Threads are not there any more after a fork."""
    global _threads
    _threads = ThreadPoolExecutor(MAXIMUM_ASYNC_CALLS, thread_name_prefix="away")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_threads)


class Proxy(Generic[Parameters, Result]):
    """A deployed function. Calls take positional arguments and go to the gateway."""

    def __init__(self, target: _invoking.Target, local: Callable[..., Any] | None = None) -> None:
        if local is not None:
            functools.update_wrapper(cast("Callable[..., Any]", self), local)
        else:
            self.__name__ = self.__qualname__ = target.function_name
        self._target, self._local = target, local
        self.__faas_id__ = hash(target.faas)
        self.__faas_croscall_endpoint__ = target.cluster_url
        if target.is_safe_protocol is not None:
            self.__away_protocol_is_safe__ = target.is_safe_protocol

    @property
    def local(self) -> Callable[..., Any]:
        """The function as it was before it was decorated, to be run here. Raises AttributeError where the proxy was made from a name."""
        if self._local is None:
            raise AttributeError(f"{self.__name__} was made from a name: there is no local function")
        return self._local

    def with_options(self, **options: Unpack[CallOptions]) -> Self:
        """The same function, called with other options."""
        return type(self)(self._target.with_options(Calling(**{**self._target.given_options, **options}), self._local), self._local)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._target.url}>"


class SyncProxy(Proxy[Parameters, Result]):
    """A deployed function whose calls block."""

    def __call__(self, *args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        return cast("Result", _invoking.call(self._target, args, kwargs))

    def map(self, inputs: Iterable[Any], *, concurrency: int = CONCURRENCY, return_exceptions: bool = False) -> list[Result]:
        """Calls the function once for each input, some at a time, and returns the results in the order of the inputs.

        The first failure, in that order, is raised, and what has not begun is not called; with `return_exceptions` failures
        stand among the results instead.
        """
        return self.starmap(((each,) for each in inputs), concurrency=concurrency, return_exceptions=return_exceptions)

    def starmap(
        self, inputs: Iterable[Iterable[Any]], *, concurrency: int = CONCURRENCY, return_exceptions: bool = False,
    ) -> list[Result]:
        """Like `map`, each input being all the arguments of one call."""
        threads = ThreadPoolExecutor(_checked(concurrency), thread_name_prefix="away-map")
        with threads:
            calls = [threads.submit(functools.partial(contextvars.copy_context().run, self, *each)) for each in inputs]
            try:
                return [_outcome(call, return_exceptions) for call in calls]
            except BaseException:
                threads.shutdown(wait=False, cancel_futures=True)
                raise


class AsyncProxy(Proxy[Parameters, Result]):
    """A deployed function whose calls are awaited. Each call waits on a thread, so that others go on."""

    def __init__(self, target: _invoking.Target, local: Callable[..., Any] | None = None) -> None:
        super().__init__(target, local)
        # What tells coroutine functions apart must find one here: before Python 3.12 asyncio's own mark, since then inspect's.
        if hasattr(inspect, "markcoroutinefunction"):
            inspect.markcoroutinefunction(self)
        else:
            self._is_coroutine = asyncio.coroutines._is_coroutine  # type: ignore[attr-defined]

    async def __call__(self, *args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        return cast("Result", await self._run(_threads, args, kwargs))

    async def map(self, inputs: Iterable[Any], *, concurrency: int = CONCURRENCY, return_exceptions: bool = False) -> list[Result]:
        """Like `SyncProxy.map`."""
        return await self.starmap(((each,) for each in inputs), concurrency=concurrency, return_exceptions=return_exceptions)

    async def starmap(
        self, inputs: Iterable[Iterable[Any]], *, concurrency: int = CONCURRENCY, return_exceptions: bool = False,
    ) -> list[Result]:
        """Like `SyncProxy.starmap`."""
        threads = ThreadPoolExecutor(_checked(concurrency), thread_name_prefix="away-map")
        try:
            calls = [asyncio.ensure_future(self._run(threads, tuple(each), {})) for each in inputs]
            outcomes = await _gathered(calls, return_exceptions)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
        return cast("list[Result]", outcomes)

    async def _run(self, threads: ThreadPoolExecutor, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        context = contextvars.copy_context()
        work = functools.partial(context.run, _invoking.call, self._target, args, kwargs)
        value = await asyncio.get_running_loop().run_in_executor(threads, work)
        # A fallback may be an `async def` of the caller's.
        return await value if inspect.isawaitable(value) else value


async def _gathered(calls: Sequence[asyncio.Future[Any]], return_exceptions: bool) -> list[Any]:
    outcomes: list[Any] = []
    try:
        for call in calls:
            try:
                outcomes.append(await call)
            except Exception as error:
                if not return_exceptions:
                    raise
                outcomes.append(error)
        return outcomes
    finally:
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)


def _outcome(call: Future[Any], return_exceptions: bool) -> Any:
    try:
        return call.result()
    except Exception as error:
        if return_exceptions:
            return error
        raise


def _checked(concurrency: int) -> int:
    if concurrency < 1:
        raise ValueError(f"concurrency is {concurrency}; it must be 1 or more")
    return concurrency
