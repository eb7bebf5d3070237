"""The running call: its input, its index, and the output that it has set."""

from __future__ import annotations

from swiftlet_runtime import host


class Call:
    """One call."""

    def __init__(self, input_data: bytes, index: int) -> None:
        self.input, self.index = input_data, index
        self.output: bytes | None = None


_current: Call | None = None


def begin(input_data: bytes, index: int) -> Call:
    """Makes a call the running one."""
    global _current
    _current = Call(input_data, index)
    return _current


def current() -> Call:
    """The running call."""
    if _current is not None:
        return _current
    if not host.in_call:
        raise host.too_early()
    # A module that is imported in each call.
    return begin(host.input_part(0), 0)


def known_input() -> bytes:
    """The input of the running call; none where there is no call."""
    return current().input if _current is not None or host.in_call else b""
