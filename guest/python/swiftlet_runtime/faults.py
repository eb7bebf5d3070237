"""What a user is told when their code fails: type, message, and a traceback with their frames only."""

import json
import linecache
import os
import signal
import sys
import traceback

_OURS = os.path.dirname(__file__)
# Where the user's code is.
_root = "/function/"

# The host takes reports of up to 1 MiB; a character may need twelve bytes of JSON.
_MESSAGE_CHARACTERS = 8_000
_TRACEBACK_CHARACTERS = 60_000


class MissingEntry(Exception):
    """The module lacks the function that its face calls."""


class UnusableResult(TypeError):
    """The function returned something that its face cannot send."""


MissingEntry.__module__ = UnusableResult.__module__ = "builtins"
UnusableResult.__name__ = UnusableResult.__qualname__ = "TypeError"


def set_root(folder: str) -> None:
    """Say below which folder the user's own files are."""
    global _root
    _root = folder + "/"


def remember_source(filename: str, source: str) -> None:
    """Keep the source in the image, so that tracebacks show lines although there is no such file."""
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)


class ReturnCode(SystemExit):
    """How a program ends whose exit code may be any 32-bit number."""


ReturnCode.__module__ = "builtins"
ReturnCode.__name__ = ReturnCode.__qualname__ = "SystemExit"


def report(error: BaseException, too_early: bool = False) -> bytes:
    """Describe ``error`` as a JSON object: type, message, traceback, and line, column, text or exit_code where known."""
    described = {"type": type(error).__name__, "message": _cut(_message(error), _MESSAGE_CHARACTERS)}
    try:
        described["traceback"] = _cut_front("".join(lines(error)), _TRACEBACK_CHARACTERS)
    except BaseException as failure:  # a broken __str__ or a full memory must not hide that the call failed
        described["traceback"] = f"(no traceback: {type(failure).__name__})"
    if isinstance(error, SyntaxError):
        # All of these may be anything, for a program may make and raise a SyntaxError of its own.
        described["file"] = _string(error.filename).rpartition("/")[2]
        described["line"] = _integer(error.lineno)
        described["column"] = _integer(error.offset)
        described["text"] = _cut(_string(error.text).rstrip("\n"), _MESSAGE_CHARACTERS)
    elif isinstance(error, SystemExit):
        described["exit_code"] = error.code if isinstance(error, ReturnCode) else _exit_code(error.code)
    else:
        line = _last_line(error.__traceback__)
        if line is not None:
            described["line"] = line
    if isinstance(error, MissingEntry):
        described["missing_entry"] = True
    if too_early:
        described["too_early"] = True
    return json.dumps({name: _clean(value) for name, value in described.items()}).encode()


def _message(error: BaseException) -> str:
    try:
        return str(error.msg or "") if isinstance(error, SyntaxError) else str(error)
    except BaseException:
        return "(its message could not be made)"


def _exit_code(code) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    try:
        print(code, file=sys.stderr)
    except BaseException:  # a broken __str__, or a stream that the program closed
        pass
    return 1


def _clean(value):
    # Half of a surrogate pair is no character, and many a JSON parser refuses its escape.
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def _string(value) -> str:
    return value if isinstance(value, str) else ""


def _integer(value) -> int | None:
    return value if isinstance(value, int) else None


def _cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else f"{text[:characters]} ... ({len(text)} characters)"


def _cut_front(text: str, characters: int) -> str:
    return text if len(text) <= characters else f"({len(text)} characters) ... {text[-characters:]}"


def _last_line(tb) -> int | None:
    line = None
    while tb is not None:
        if tb.tb_frame.f_code.co_filename.startswith(_root):
            line = tb.tb_lineno
        tb = tb.tb_next
    return line


def _ours(filename: str) -> bool:
    return filename.startswith(_OURS)


def lines(error: BaseException) -> list[str]:
    """The parts of a traceback that shows users' frames only, each a line or a few."""
    described = traceback.TracebackException.from_exception(error, limit=-200, compact=True)
    _drop_our_frames(described, set())
    return list(described.format())


def _drop_our_frames(described: traceback.TracebackException, seen: set[int]) -> None:
    if described is None or id(described) in seen:
        return
    seen.add(id(described))
    described.stack = traceback.StackSummary.from_list([f for f in described.stack if not _ours(f.filename)])
    for inner in (described.__cause__, described.__context__, *(described.exceptions or ())):
        _drop_our_frames(inner, seen)


def install_deadline() -> None:
    """Make the alarm signal, which the host raises shortly before it ends a call, a TimeoutError."""
    signal.signal(signal.SIGALRM, _deadline)


_was_told = False


def _deadline(number, frame):
    # The host repeats the signal until the call ends. Once is enough: what follows is the user's handler, or our report.
    global _was_told
    if _was_told:
        return
    _was_told = True
    raise TimeoutError("the call reached its time limit")
