"""The operations a guest may ask of its host. The numbers are the contract with ``Sources/Sandbox/HostCall.swift``."""

import builtins
import struct

from _swiftlet import Error, call

__all__ = ["Error", "ask", "call", "input_part", "put_output", "put_error", "was_asked_too_early"]

INPUT = 1
OUTPUT = 2
ERROR = 3
PART = 4
CHAIN = 16
AWAIT = 17
STATUS = 18

STATE_SIZE = 32
STATE_READ = 33
STATE_WRITE = 34
STATE_WRITE_RANGE = 35
STATE_PUSH = 36
STATE_PULL = 37
STATE_APPEND = 38
STATE_READ_APPENDED = 39
STATE_CLEAR_APPENDED = 40
STATE_DELETE = 41
STATE_COMPARE_AND_SET = 42
STATE_LOCK = 43
STATE_UNLOCK = 44

_PARTS = tuple(bytes([index]) for index in range(4))


def input_part(index: int) -> bytes:
    """Return one part of what this run was given (which parts there are depends on the export that runs)."""
    return call(INPUT, _PARTS[index])


def put_output(output: bytes) -> None:
    """Hand over the encoded result of the call."""
    call(OUTPUT, output)


def put_part(part: bytes) -> None:
    """Send a part of an answer that somebody reads while it is made. The host puts together what comes very often."""
    if part:
        try:
            call(PART, part)
        except Error as error:
            raise OSError(str(error).partition("\n")[2] or str(error)) from None


def put_parts() -> None:
    """Send what the host holds of the parts."""
    try:
        call(PART, b"")
    except Error:  # nobody reads any more
        pass


def put_error(report: bytes) -> None:
    """Hand over the report, a JSON object, of what made the run fail."""
    call(ERROR, report)


_length = struct.Struct("<I")
#: The bytes of a field's length.
length = _length.pack
_length_at = _length.unpack_from

#: Whether the platform was asked for something, or would have been, while a module was imported.
was_asked_too_early = False
#: Whether a call runs, and not an import.
in_call = False


def ask(operation: int, *fields: bytes) -> list[bytes]:
    """Ask the platform, and return the fields of its answer; raise the exception that it names when it refuses."""
    if not in_call:
        raise too_early()
    try:
        answer = call(operation, join(*fields))
    except Error as error:
        name, _, sentence = str(error).partition("\n")
        kind = getattr(builtins, name, None)
        if not (sentence and isinstance(kind, type) and issubclass(kind, Exception)):
            kind, sentence = RuntimeError, str(error)
        raise kind(sentence) from None
    return split(answer)


def join(*fields: bytes) -> bytes:
    """Return the message that has these fields."""
    return b"".join([part for field in fields for part in (_length.pack(len(field)), field)])


def split(message: bytes, most: int = -1) -> list[bytes]:
    """Return the fields of a message; or the first ones, and as the last of the list the bytes of the others."""
    fields, position, end = [], 0, len(message)
    while position < end and most:
        (count,) = _length_at(message, position)
        position += 4
        fields.append(message[position : position + count])
        position += count
        most -= 1
    if most >= 0:
        fields.append(message[position:])
    return fields


def too_early() -> RuntimeError:
    """Note that a module uses what only calls have, and return what to raise for it."""
    global was_asked_too_early
    was_asked_too_early = True
    return RuntimeError("input, state and other calls can only be used in a call, not while the module is imported")
