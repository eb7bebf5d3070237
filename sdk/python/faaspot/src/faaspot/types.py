"""The shapes of what the server answers: plain dicts, described.

Keys of the classes that end in `Extras` are there where they apply. Times are text such as
`2017-07-21 15:10:52.537686+00:00`.
"""

from __future__ import annotations

from typing import Any, Optional, TypedDict


class FunctionExtras(TypedDict, total=False):
    requirements: str
    limits: dict[str, int]
    retry: RetryPolicy
    concurrency: Optional[int]


class FunctionSummary(FunctionExtras):
    """One function in a list."""

    name: str
    runner_url: str


class Function(FunctionSummary):
    """One function, its `code` as it was written."""

    code: str


class RetryPolicy(TypedDict, total=False):
    """How often, and when, a failed asynchronous run is tried again."""

    #: 1 to 20; 1 means that it is not tried again.
    attempts: int
    backoff_ms: int
    backoff_max_ms: int
    #: Any of `error`, `timeout` and `crash`.
    on: list[str]


class Submitted(TypedDict):
    """The id of the execution that does what was asked for."""

    uuid: str


class Attempt(TypedDict, total=False):
    """One attempt of an execution."""

    attempt: int
    status: str
    started: str
    finished: Optional[str]
    error: Optional[str]
    traceback: Optional[str]
    cpu_ms: float
    wall_ms: float


class ExecutionExtras(TypedDict, total=False):
    started: Optional[str]
    finished: Optional[str]
    error: Optional[str]
    traceback: Optional[str]
    attempts: int
    cpu_ms: float
    wall_ms: float
    peak_memory_bytes: int
    parent: Optional[str]
    function: str
    priority: int
    scheduled: str
    redriven_from: str
    dead: bool
    arguments: Any
    history: list[Attempt]


class Execution(ExecutionExtras):
    """One execution. `status` is `Pending`, `Started`, `Success`, `Failure` or `Cancelled`."""

    uuid: str
    name: str
    status: str
    #: What the function returned, or one line on why it failed; None until the end.
    output: Any
    created: str


class _LogLineExtras(TypedDict, total=False):
    attempt: int


class LogLine(_LogLineExtras):
    """A piece of what a run printed."""

    time: str
    #: `stdout` or `stderr`.
    stream: str
    text: str


class _BatchExtras(TypedDict, total=False):
    created: str
    finished: Optional[str]


class Batch(_BatchExtras):
    """How far a bulk run is: how many of its executions have which status."""

    uuid: str
    total: int
    Pending: int
    Started: int
    Success: int
    Failure: int
    Cancelled: int


class _SpotExtras(TypedDict, total=False):
    #: `creating`, `ready`, `draining` or `gone`.
    state: str


class SpotSummary(_SpotExtras):
    """One spot in a list."""

    ip: str
    created: str


class Workers(TypedDict):
    """How many workers every spot keeps ready, and has at most."""

    min_workers: int
    max_workers: int


class Spot(SpotSummary):
    """One spot."""

    min_workers: int
    max_workers: int


class ListedProfile(TypedDict):
    """One profile in a list."""

    name: str
    active: bool
    #: The settings under their names in the configuration file.
    config: dict[str, Any]


class _TokenExtras(TypedDict, total=False):
    functions: Optional[list[str]]
    principal: Optional[str]
    created: str
    expires: Optional[str]
    last_used: Optional[str]
    rate_per_minute: Optional[int]
    max_body_bytes: Optional[int]


class Token(_TokenExtras):
    """One token, without its secret."""

    id: str
    name: str
    #: Any of `read`, `run`, `deploy` and `admin`.
    scopes: list[str]


class NewToken(Token):
    """A token just made."""

    #: The secret. The server shows it this once.
    token: str
