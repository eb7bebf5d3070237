"""Chaining: calls of functions of the same file or of one beside it, and waiting for them."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Optional, Union

from . import _calls, _programs, _switches
from ._calls import Call
from ._data import Data, to_bytes
from ._programs import Entry, Program

CALL_TIMED_OUT = -110
CALL_CANCELLED = -125

_TIMEOUT = "CHAINED_CALL_TIMEOUT"
_TIMEOUT_MILLISECONDS = 300000
_NAME = re.compile("[A-Za-z0-9._-]{1,128}")
#: What `chain` returns for a call that ran inline.
_INLINE = 0


def chain(func: Union[Entry, str, int], input_data: Data = b"") -> int:
    """Calls a function of the same file, or the one of an index, with the input; returns the call's id at once.

    With local chaining it runs inline, and what it raises is raised here.
    """
    data = to_bytes(input_data)
    if _switches.is_local_chaining():
        return _run_inline(func, data)
    parent = _calls.current()
    if isinstance(func, int):
        program, entry, index = Program(_running_file()), "", func
    else:
        name = func if isinstance(func, str) else getattr(func, "__name__", repr(func))
        file = None if isinstance(func, str) or parent.program.module else _programs.file_of(func)
        program, entry, index = Program(file or _running_file()), name, 0
        _check(parent.program, name, func)
    call = Call(program, entry, data, index, parent)
    call.start()
    return call.identifier


def chain_named(func_name: str, input_data: Data = b"", entry: Optional[str] = None) -> int:
    """Calls another function: the file `func_name.py` beside the running one. Returns the call's id at once."""
    if not _NAME.fullmatch(func_name) or func_name in (".", ".."):
        raise ValueError(f"`{func_name}` is no function that can be found here; use the name of a file beside this one.")
    file = _running_file().with_name(f"{func_name}.py")
    if not file.is_file():
        raise ValueError(f"There is no function `{func_name}`: `{file}` is missing.")
    call = Call(Program(file), entry or "", to_bytes(input_data), 0, _calls.current())
    call.start()
    return call.identifier


def await_call(call_id: int) -> int:
    """Waits for a call and returns its code, or `CALL_TIMED_OUT` after `CHAINED_CALL_TIMEOUT` milliseconds."""
    return await_call_output(call_id)[0]


def await_call_output(call_id: int) -> tuple[int, bytes]:
    """Waits for a call and returns its code and its output."""
    if _is_inline(call_id):
        return 0, b""
    call = _calls.current().app.find(call_id)
    if not call.ended.wait(int(os.environ.get(_TIMEOUT) or _TIMEOUT_MILLISECONDS) / 1000):
        return CALL_TIMED_OUT, b""
    return call.code or 0, call.output or b""


def get_call_status(call_id: int) -> str:
    """`RUNNING`, `SUCCESS` or `FAILED`."""
    return "SUCCESS" if _is_inline(call_id) else _calls.current().app.find(call_id).status


def _is_inline(call_id: int) -> bool:
    return int(call_id) == _INLINE and _switches.is_local_chaining()


def _run_inline(function: Union[Entry, str, int], data: bytes) -> int:
    parent = _calls.current()
    program = parent.program
    index = function if isinstance(function, int) else 0
    target: Optional[Entry]
    if isinstance(function, int):
        target = _programs.active().registered.get(function)
    elif isinstance(function, str):
        target = getattr(program.module or sys.modules.get("__main__"), function, None)
    else:
        target = function
    if not callable(target):
        raise ValueError(f"There is no function {function!r}.")
    _calls.inline(Call(program, "", data, index, parent), target)
    return _INLINE


def _check(program: Program, name: str, function: Union[Entry, str]) -> None:
    """Refuses what a fresh import of the file would not find."""
    module = program.module
    if module is None:
        module = sys.modules.get("__main__" if isinstance(function, str) else function.__module__)
    if not callable(getattr(module, name, None)):
        raise ValueError(f"`{name}` is no function of the file; a chained function must be one at its top level.")


def _running_file() -> Path:
    """The file that the running call is of, or the one that Python was started with."""
    running = _calls.current().program.file
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    if running is None and main is None:
        raise ValueError("There is no file to call a function of; use set_local_chaining(True) to call inline.")
    return running or Path(str(main)).resolve()
