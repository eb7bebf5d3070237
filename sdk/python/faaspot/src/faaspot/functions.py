"""Functions and their runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Optional, Union

from . import _samples
from ._operations import functions as operations
from ._operations import runs
from ._operations.functions import UNCHANGED, Unchanged
from ._operations.runs import BulkRun, RunOptions
from ._parameters import Parameters
from ._resource import Resource
from ._texts import File
from .types import Function, FunctionSummary, RetryPolicy

FunctionList = list[FunctionSummary]


class Functions(Resource):
    """The functions of the server. Files are paths, or files open for reading."""

    def list(self) -> FunctionList:
        """All functions."""
        return self._link.run(operations.list_functions(self._link.routes))

    def get(self, name: str, pretty_print: bool = False) -> Function:
        """One function with its code; with `pretty_print`, it is printed, too."""
        function = self._link.run(operations.get_function(self._link.routes, name))
        if pretty_print:
            print(operations.as_text(function))
        return function

    def create(
        self,
        name: str,
        file: File,
        context_file: Optional[File] = None,
        requirements_file: Optional[File] = None,
        wait: bool = False,
        timeout_ms: float = 600000,
        interval_ms: float = 3000,
        *,
        limits: Optional[Mapping[str, int]] = None,
        retry: Optional[RetryPolicy] = None,
        concurrency: Optional[int] = None,
    ) -> str:
        """Deploys a function. Returns `Execution id: UUID`, or with `wait` the output of that execution.

        `limits`, `retry` and `concurrency` are the server's defaults where not given.
        """
        output: str = self._link.run(operations.create(
            self._link.routes, name, file, context_file, requirements_file, wait, timeout_ms, interval_ms,
            limits, retry, concurrency))
        return output

    def update(
        self,
        name: str,
        file: Optional[File] = None,
        context_file: Optional[File] = None,
        new_name: Optional[str] = None,
        wait: bool = False,
        requirements_file: Optional[File] = None,
        file_obj: Optional[File] = None,
        timeout_ms: float = 600000,
        interval_ms: float = 3000,
        *,
        limits: Optional[Mapping[str, int]] = None,
        retry: Optional[RetryPolicy] = None,
        concurrency: Union[int, None, Unchanged] = UNCHANGED,
    ) -> Any:
        """Changes what is given of a function. Returns `{"uuid": UUID}`, or with `wait` the execution's output.

        `file_obj` is the old name of `file`. `concurrency=None` lifts that limit.
        """
        return self._link.run(operations.update(
            self._link.routes, name, file if file is not None else file_obj, context_file, new_name, wait,
            requirements_file, timeout_ms, interval_ms, limits, retry, concurrency))

    def delete(self, name: str, wait: bool = False, timeout_ms: float = 600000, interval_ms: float = 3000) -> Any:
        """Deletes a function. Returns `{"uuid": UUID}`, or with `wait` the output of that execution."""
        return self._link.run(operations.delete(self._link.routes, name, wait, timeout_ms, interval_ms))

    def run(
        self,
        name: str,
        parameters: Parameters = None,
        wait: bool = False,
        *,
        idempotency_key: Optional[str] = None,
        delay: Optional[float] = None,
        priority: Optional[int] = None,
        max_age: Optional[float] = None,
        callback_url: Optional[str] = None,
    ) -> Any:
        """Queues a run and returns its id; or with `wait` runs at once, as long as it takes, and returns the result.

        For queued runs: the same `idempotency_key` within a day gives the same id, without a second run. It starts
        `delay` seconds from now at the earliest, before those of lower `priority` (-100 to 100), not at all when it has
        not after `max_age` seconds; and once it has ended, `callback_url` is sent the execution.
        """
        options = RunOptions(idempotency_key, delay, priority, max_age, callback_url)
        return self._link.run(runs.run(self._link.routes, name, parameters, wait, options))

    def run_bulk(
        self,
        name: str,
        parameters: Iterable[Parameters],
        *,
        idempotency_key: Optional[str] = None,
        delay: Optional[float] = None,
        priority: Optional[int] = None,
        max_age: Optional[float] = None,
        callback_url: Optional[str] = None,
    ) -> BulkRun:
        """Queues a run for each of `parameters`, all or none; returns their ids in that order. Options as for `run`."""
        options = RunOptions(idempotency_key, delay, priority, max_age, callback_url)
        return self._link.run(runs.run_bulk(self._link.routes, name, parameters, options))

    def samples(self, hello_world: bool = False, get_content: bool = False, sleep: bool = False) -> str:
        """Writes sample functions to the current folder, never over a file; returns a line on each."""
        return _samples.write(hello_world, get_content, sleep)
