"""The names of the C extension of 2020."""

from __future__ import annotations

from typing import Any

from . import _chaining, core
from ._data import Data, to_bytes
from .core import get_call_status, get_emulator_async_response, set_emulator_message, set_emulator_status

__all__ = [
    "check_input", "faasm_await_call", "faasm_chain_py", "faasm_chain_this", "faasm_get_idx", "faasm_get_input", "faasm_get_state",
    "faasm_get_state_offset", "faasm_get_state_size", "faasm_pull_state", "faasm_push_state", "faasm_push_state_partial",
    "faasm_set_output", "faasm_set_state", "faasm_set_state_offset", "get_call_status", "get_emulator_async_response",
    "hello_faasm", "set_emulator_message", "set_emulator_status",
]

faasm_get_input = core.get_input
faasm_set_output = core.set_output
faasm_get_state = core.read_state
faasm_get_state_offset = core.read_state_offset
faasm_get_state_size = core.read_state_size
faasm_set_state = core.write_state
faasm_set_state_offset = core.write_state_offset
faasm_push_state = core.push_state
faasm_push_state_partial = core.push_state_partial
faasm_pull_state = core.pull_state
faasm_get_idx = core.get_function_idx
faasm_await_call = core.await_call


def hello_faasm() -> None:
    """Prints a greeting."""
    print("Hello, Faasm extension!")


def check_input(data: Data) -> None:
    """Prints the data."""
    print(f"Dummy input is {to_bytes(data)!r}")


def faasm_chain_this(idx: int, data: Data = b"") -> int:
    """Calls the same function with an index; returns the call's id at once."""
    return _chaining.chain(idx, data)


def faasm_chain_py(name: Any, data: Data = b"") -> int:
    """Calls a function of the same file by its name; returns the call's id at once."""
    return _chaining.chain(name, data)
