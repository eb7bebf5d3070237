"""Everything that a function uses, under the names of all of Faasm's generations.

Outside of the platform, calls run in this process: chained ones in threads, from a fresh import of their file, or inline
with local chaining; state is in memory, or in the folder `PYFAASM_STATE_DIR`.
"""

from __future__ import annotations

from typing import Any, Callable, Optional

from . import _calls, _locks, _output, _state
from ._chaining import CALL_CANCELLED, CALL_TIMED_OUT, await_call, await_call_output, chain, chain_named, get_call_status
from ._data import Data, Length
from ._output import (
    get_emulator_async_response,
    get_input,
    get_output,
    set_emulator_message,
    set_emulator_status,
    set_input,
    set_output,
)
from ._programs import clear_registered_functions, faasm_func, faasm_main, register_function
from ._switches import (
    get_env_bool,
    is_local_chaining,
    is_local_output,
    set_env_bool,
    set_local_chaining,
    set_local_input_output,
)

get_input_len = _output.input_size
write_output = set_output


def read_input(input_len: Optional[Length] = None) -> bytes:
    """The input, or its first `input_len` bytes."""
    return get_input(input_len)


def read_state_size(key: str) -> int:
    """The size of a value; 0 where there is none."""
    return _state.size(key)


def read_state(key: str, state_len: Optional[Length] = None) -> bytes:
    """A value, or its first `state_len` bytes; empty where there is none."""
    return _state.read(key, state_len)


def read_state_offset(key: str, total_len: Length, offset: Length, offset_len: Length) -> bytes:
    """The part that exists of a range of a value."""
    return _state.read_range(key, total_len, offset, offset_len)


def write_state(key: str, value: Data) -> None:
    """Replaces a value and its size."""
    _state.write(key, value)


def write_state_offset(key: str, total_len: Length, offset: Length, value: Data) -> None:
    """Replaces a range of a value, which grows with zeros as far as needed."""
    _state.write_range(key, total_len, offset, value)


def push_state(key: str) -> None:
    """Makes earlier writes durable."""
    _state.push(key)


def push_state_partial(key: str) -> None:
    """Makes earlier writes durable."""
    _state.push(key)


def pull_state(key: str, state_len: Optional[Length] = None) -> None:
    """Makes the next read see the newest value."""
    _state.pull(key)


append_state = _state.append
clear_appended_state = _state.clear_appended
delete_state = _state.delete
compare_and_set_state = _state.compare_and_set


def read_appended_state(key: str, n_elems: Optional[Length] = None) -> list[bytes]:
    """The first `n_elems` elements of a key's log, or all, in order."""
    return _state.read_appended(key, n_elems)


lock_state_read = lock_state_global_read = _locks.lock_read
unlock_state_read = unlock_state_global_read = _locks.unlock_read
lock_state_write = lock_state_global_write = _locks.lock_write
unlock_state_write = unlock_state_global_write = _locks.unlock_write


def chain_this_with_input(func: Any, input: Data = b"") -> int:
    """Calls a function of the same file, or the one of an index; returns the call's id at once."""
    return chain(func, input)


def get_function_idx() -> int:
    """The index that the running call was chained with; 0 where it was not."""
    return _calls.current().index


def set_function_idx(index: int) -> None:
    """Sets the index of the running call."""
    _calls.current().index = int(index)


def check_python_bindings() -> None:
    """Prints that the package is there."""
    print("Hello, Faasm extension!")
    print(f"Dummy input is {b'01234'!r}")


# The names of 2019 to 2020.
getInput, setInput = get_input, set_input
getOutput, setOutput = get_output, set_output
get_state_size = read_state_size
getState = get_state = read_state
getStateOffset = get_state_offset = read_state_offset
setState = set_state = write_state
setStateOffset = set_state_offset = write_state_offset
pushState, pushStatePartial, pullState = push_state, push_state_partial, pull_state
chainThisWithInput, awaitCall, getCallStatus = chain_this_with_input, await_call, get_call_status
getFunctionIdx, setFunctionIdx = get_function_idx, set_function_idx
registerFunction, clearRegisteredFunctions = register_function, clear_registered_functions
checkPythonBindings = check_python_bindings
setEmulatorMessage, emulatorSetStatus = set_emulator_message, set_emulator_status
emulatorGetAsyncResponse = get_emulator_async_response
setLocalChaining, setLocalInputOutput = set_local_chaining, set_local_input_output

# Attributes whose value changes while the program runs, and what gives it.
PYTHON_LOCAL_CHAINING: bool
PYTHON_LOCAL_OUTPUT: bool
PYTHON_LOCAL_INPUT_OUTPUT: bool
input_data: bytes
output_data: Optional[bytes]
_LIVE: dict[str, Callable[[], Any]] = {
    "PYTHON_LOCAL_CHAINING": is_local_chaining,
    "PYTHON_LOCAL_OUTPUT": is_local_output,
    "PYTHON_LOCAL_INPUT_OUTPUT": is_local_output,
    "input_data": _output.kept_input,
    "output_data": _output.kept_output,
}


def __getattr__(name: str) -> Any:
    """The value of a live attribute."""
    if name in _LIVE:
        return _LIVE[name]()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

__all__ = [
    "CALL_CANCELLED", "CALL_TIMED_OUT", "PYTHON_LOCAL_CHAINING", "PYTHON_LOCAL_INPUT_OUTPUT", "PYTHON_LOCAL_OUTPUT", "append_state",
    "awaitCall", "await_call", "await_call_output", "chain", "chainThisWithInput", "chain_named", "chain_this_with_input",
    "checkPythonBindings", "check_python_bindings", "clearRegisteredFunctions", "clear_appended_state", "clear_registered_functions",
    "compare_and_set_state", "delete_state", "emulatorGetAsyncResponse", "emulatorSetStatus", "faasm_func", "faasm_main",
    "getCallStatus", "getFunctionIdx", "getInput", "getOutput", "getState", "getStateOffset", "get_call_status",
    "get_emulator_async_response", "get_env_bool", "get_function_idx", "get_input", "get_input_len", "get_output", "get_state",
    "get_state_offset", "get_state_size", "input_data", "is_local_chaining", "is_local_output", "lock_state_global_read",
    "lock_state_global_write", "lock_state_read", "lock_state_write", "output_data", "pullState", "pull_state", "pushState",
    "pushStatePartial", "push_state", "push_state_partial", "read_appended_state", "read_input", "read_state", "read_state_offset",
    "read_state_size", "registerFunction", "register_function", "setEmulatorMessage", "setFunctionIdx", "setInput", "setLocalChaining",
    "setLocalInputOutput", "setOutput", "setState", "setStateOffset", "set_emulator_message", "set_emulator_status", "set_env_bool",
    "set_function_idx", "set_input", "set_local_chaining", "set_local_input_output", "set_output", "set_state", "set_state_offset",
    "unlock_state_global_read", "unlock_state_global_write", "unlock_state_read", "unlock_state_write", "write_output", "write_state",
    "write_state_offset",
]
