"""Input and output of the running call, and the emulator's message."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any, Optional, Union

from . import _calls, _switches
from ._calls import App
from ._data import Data, Length, to_bytes, to_length

_messages = itertools.count(1)
#: The output of local output mode.
_kept: Optional[bytes] = None


def input_size() -> int:
    """The size of the input, 0 where there is none."""
    return len(_calls.current().input)


def get_input(length: Optional[Length] = None) -> bytes:
    """The input, or its first `length` bytes."""
    data = _calls.current().input
    return data if length is None else data[: to_length(length)]


def set_input(data: Data) -> None:
    """Replaces the running call's input."""
    _calls.current().input = to_bytes(data)


def set_output(output: Data) -> None:
    """Replaces the output."""
    global _kept
    content = to_bytes(output)
    _calls.current().output = content
    if _switches.is_local_output():
        _kept = content


def get_output() -> Optional[bytes]:
    """The output in local output mode; None at first."""
    if not _switches.is_local_output():
        raise RuntimeError("The output can be read back in local output mode only: set_local_input_output(True).")
    return _kept


def kept_input() -> bytes:
    """The input as an attribute."""
    return get_input()


def kept_output() -> Optional[bytes]:
    """The output of local output mode, whatever mode it is."""
    return _kept


def set_emulator_message(message: Union[str, bytes, dict[str, Any]]) -> int:
    """Says who runs, with which input: `user`, `function`, `py_user`, `py_func`, `py_entry`, `input_data`."""
    global _kept
    fields = message if isinstance(message, dict) else json.loads(message)
    if not isinstance(fields, dict):
        raise ValueError("The message must be a JSON object.")
    call = _calls.outside()
    call.tenant = str(fields.get("py_user") or fields.get("user") or "python")
    call.entry = str(fields.get("py_entry") or "")
    call.input = to_bytes(fields.get("input_data") or b"")
    call.index, call.output, call.code, call.app = 0, None, None, App()
    call.ended.clear()
    name = fields.get("py_func")
    call.program.file = Path(str(name)).resolve() if name and str(name).endswith(".py") else None
    _kept = None
    return next(_messages)


def set_emulator_status(success: object) -> None:
    """Says how the emulator's message ended."""
    call = _calls.outside()
    call.code = 0 if success else 1
    call.ended.set()


def get_emulator_async_response() -> bytes:
    """What the emulator's message has set as output."""
    return _calls.outside().output or b""
