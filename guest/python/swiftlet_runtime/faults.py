"""What a user is told when their code fails: type, message, and a traceback with their frames only."""

import json
import linecache
import os
import signal
import sys
import traceback

_OURS = os.path.dirname(__file__)


class MissingEntry(Exception):
    """The module lacks the function that its face calls."""


class UnusableResult(TypeError):
    """The function returned something that its face cannot send."""


MissingEntry.__module__ = UnusableResult.__module__ = "builtins"
UnusableResult.__name__ = UnusableResult.__qualname__ = "TypeError"


def remember_source(filename: str, source: str) -> None:
    """Keep the source in the image, so that tracebacks show lines although there is no such file."""
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)


def report(error: BaseException) -> bytes:
    """Describe ``error`` as a JSON object: type, message, traceback, and line, column, text or exit_code where known."""
    described = {"type": type(error).__name__, "message": _message(error)}
    try:
        described["traceback"] = _traceback(error)
    except BaseException as failure:  # a broken __str__ or a full memory must not hide that the call failed
        described["traceback"] = f"(no traceback: {type(failure).__name__})"
    if isinstance(error, SyntaxError):
        described["file"] = (error.filename or "").rpartition("/")[2]
        described["line"] = error.lineno
        described["column"] = error.offset
        described["text"] = (error.text or "").rstrip("\n")
    elif isinstance(error, SystemExit):
        described["exit_code"] = _exit_code(error.code)
    else:
        line = _last_line(error.__traceback__)
        if line is not None:
            described["line"] = line
    if isinstance(error, MissingEntry):
        described["missing_entry"] = True
    return json.dumps(described).encode()


def _message(error: BaseException) -> str:
    try:
        return error.msg if isinstance(error, SyntaxError) else str(error)
    except BaseException:
        return "(its message could not be made)"


def _exit_code(code) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1


def _last_line(tb) -> int | None:
    line = None
    while tb is not None:
        if tb.tb_frame.f_code.co_filename.startswith("/function/"):
            line = tb.tb_lineno
        tb = tb.tb_next
    return line


def _ours(filename: str) -> bool:
    return filename.startswith(_OURS)


def _traceback(error: BaseException) -> str:
    described = traceback.TracebackException.from_exception(error, limit=-200, compact=True)
    _drop_our_frames(described, set())
    return "".join(described.format())


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


def _deadline(number, frame):
    raise TimeoutError("the call reached its time limit")
