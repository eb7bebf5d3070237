"""Calls: what runs, its input and output, and what became of it."""

from __future__ import annotations

import contextvars
import itertools
import sys
import threading
import traceback
from typing import Any, Callable, Optional

from . import _programs
from ._programs import Entry, MissingEntry, Program

MAXIMUM_CALLS = 10000
MAXIMUM_DEPTH = 256


class App:
    """The calls that one call has led to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: dict[int, Call] = {}
        self._identifiers = itertools.count(1)

    def add(self, call: Call) -> None:
        """Gives a call its id."""
        with self._lock:
            if len(self._calls) >= MAXIMUM_CALLS:
                raise RuntimeError(f"An app has at most {MAXIMUM_CALLS} calls.")
            call.identifier = next(self._identifiers)
            self._calls[call.identifier] = call

    def find(self, identifier: Any) -> Call:
        """The call of that id."""
        with self._lock:
            call = self._calls.get(int(identifier))
        if call is None:
            raise ValueError(f"There is no call {identifier} in this app.")
        return call


class Call:
    """One call."""

    def __init__(
        self, program: Program, entry: str = "", input_data: bytes = b"", index: int = 0, parent: Optional[Call] = None,
        tenant: str = "python",
    ) -> None:
        self.program, self.entry, self.index = program, entry, index
        self.input = input_data
        self.output: Optional[bytes] = None
        self.tenant: str = parent.tenant if parent else tenant
        self.app: App = parent.app if parent else App()
        self.depth: int = parent.depth + 1 if parent else 0
        self.identifier: int = 0
        self.code: Optional[int] = None
        #: Why it failed; None where it did not.
        self.error: Optional[str] = None
        self.ended = threading.Event()
        #: What to do when it has ended.
        self.at_end: list[Callable[[], None]] = []

    @property
    def status(self) -> str:
        if not self.ended.is_set():
            return "RUNNING"
        return "SUCCESS" if self.code == 0 else "FAILED"

    def start(self) -> None:
        """Runs it from a fresh import of its file, beside the caller."""
        if self.depth > MAXIMUM_DEPTH:
            raise RuntimeError(f"Calls are chained at most {MAXIMUM_DEPTH} deep.")
        self.app.add(self)
        threading.Thread(target=self.run, name=f"call {self.identifier}").start()

    def run(self) -> int:
        """Runs it in this thread, and returns its code."""
        token = _current.set(self)
        try:
            self.code, self.error = self._perform()
            if self.error:
                sys.stderr.write(self.error.rstrip("\n") + "\n")
        finally:
            for action in self.at_end:
                action()
            self.ended.set()
            _current.reset(token)
        return self.code

    def _perform(self) -> tuple[int, Optional[str]]:
        try:
            if self.program.file is not None:
                self.program = _programs.load(self.program.file)
            function, takes_input = self._function()
            value = function(self.input) if takes_input else function()
        except MissingEntry as error:
            return 1, str(error)
        except SystemExit as end:
            return _code_of_exit(end.code)
        except BaseException:
            return 1, traceback.format_exc()
        return _code_of_value(value, self.entry or _programs.MAIN)

    def _function(self) -> tuple[Entry, bool]:
        registered = self.program.registered.get(self.index) if self.index else None
        return (registered, True) if registered else self.program.entry(self.entry)


_outside = Call(_programs.active())
_current: contextvars.ContextVar[Call] = contextvars.ContextVar("pyfaasm_call", default=_outside)


def current() -> Call:
    """The running call; one for the whole process where none runs."""
    return _current.get()


def outside() -> Call:
    """The call that stands for what runs outside of calls."""
    return _outside


def inline(call: Call, function: Entry) -> None:
    """Runs a function as part of the running call, but for its input and index."""
    token = _current.set(call)
    try:
        function(call.input)
    finally:
        _current.reset(token)


def _code_of_exit(code: object) -> tuple[int, Optional[str]]:
    if code is None or isinstance(code, int):
        return int(code or 0), None
    return 1, str(code)


def _code_of_value(value: object, entry: str) -> tuple[int, Optional[str]]:
    if value is None:
        return 0, None
    if isinstance(value, int) and -(2**31) <= value < 2**31:
        return int(value), None
    return -1, f"{entry} returned {type(value).__name__}; return an int or None"
