"""The switches of local development. They are variables of the environment, on when not empty."""

from __future__ import annotations

import os

CHAINING = "PYTHON_LOCAL_CHAINING"
OUTPUT = "PYTHON_LOCAL_OUTPUT"
#: The older name of `OUTPUT`.
INPUT_OUTPUT = "PYTHON_LOCAL_INPUT_OUTPUT"


def get_env_bool(name: str) -> bool:
    """Whether a switch is on."""
    return bool(os.environ.get(name))


def set_env_bool(name: str, value: object) -> None:
    """Turns a switch on or off."""
    if value:
        os.environ[name] = "1"
    else:
        os.environ.pop(name, None)


def is_local_chaining() -> bool:
    """Whether chained functions run inline."""
    return get_env_bool(CHAINING)


def is_local_output() -> bool:
    """Whether output stays in the module, for `get_output`."""
    return get_env_bool(OUTPUT) or get_env_bool(INPUT_OUTPUT)


def set_local_chaining(value: object) -> None:
    """Turns inline chaining on or off."""
    set_env_bool(CHAINING, value)


def set_local_input_output(value: object) -> None:
    """Turns local output on or off."""
    set_env_bool(OUTPUT, value)
    set_env_bool(INPUT_OUTPUT, value)
