"""The operations a guest may ask of its host. The numbers are the contract with ``Sources/Sandbox/HostCall.swift``."""

from _swiftlet import Error, call

__all__ = ["Error", "call", "input_part", "put_output", "put_error"]

INPUT = 1
OUTPUT = 2
ERROR = 3
INVOKE = 16

_PARTS = tuple(bytes([index]) for index in range(4))


def input_part(index: int) -> bytes:
    """Return one part of what this run was given (which parts there are depends on the export that runs)."""
    return call(INPUT, _PARTS[index])


def put_output(output: bytes) -> None:
    """Hand over the encoded result of the call."""
    call(OUTPUT, output)


def put_error(report: bytes) -> None:
    """Hand over the report, a JSON object, of what made the run fail."""
    call(ERROR, report)
