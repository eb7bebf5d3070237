"""Input and output of the running call. What only local development has is refused."""

from __future__ import annotations

from typing import Any, NoReturn

from . import _calls
from ._data import Data, Length, to_bytes, to_length


def input_size() -> int:
    """The size of the input, 0 where there is none."""
    return len(_calls.current().input)


def get_input(length: Length | None = None) -> bytes:
    """The input, or its first `length` bytes."""
    data = _calls.current().input
    return data if length is None else data[: to_length(length)]


def set_output(output: Data) -> None:
    """Replaces the output."""
    _calls.current().output = to_bytes(output)


def kept_input() -> bytes:
    """The input as an attribute, which is looked at by `import *` too: none outside of a call."""
    return _calls.known_input()


def kept_output() -> bytes | None:
    """The output of local output mode: none."""
    return None


def _local_only(*arguments: Any) -> NoReturn:
    raise RuntimeError("This is for local development only: on the platform a call has its own input, output and end.")


get_output = set_input = set_emulator_message = set_emulator_status = get_emulator_async_response = _local_only
