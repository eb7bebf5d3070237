"""Faasm: ``faasm_main()`` without arguments, or another function with the input as bytes; the result is a return code.

Input, output, state and chaining are in ``pyfaasm``.
"""

import builtins
import json
import os
import sys

from pyfaasm import _calls, _programs

from .. import host
from ..faults import MissingEntry, ReturnCode

_ENVIRONMENT = {
    "PYTHONHOME": "/", "PYTHON_PATH": "/", "PYTHONHASHSEED": "0", "PYTHONNOUSERSITE": "on", "PYTHONWASM": "1",
    "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "HOME": "/home/faasm/", "USER": "faasm",
}  # fmt: skip


class Entry:
    """Calls a function of a module, and makes what it returns a return code."""

    def __init__(self, module, entry):
        self._default = entry or ""
        self._program = _programs.active()
        self._program.module = module
        os.environ.update(_ENVIRONMENT)
        _tell_identity()
        builtins.exit = builtins.quit = sys.exit

    def __call__(self):
        detail = host.input_part(3)
        name = (json.loads(detail).get("entry") if detail else None) or self._default
        call = _calls.begin(host.input_part(0), int(name[1:]) if name.startswith("#") else 0)
        try:
            code = _code(*self._run(name, call))
        finally:
            host.put_output(call.output or b"")
        if code:
            raise ReturnCode(code)
        return call.output or b""

    def _run(self, name, call):
        registered = self._program.registered.get(call.index) if call.index else None
        try:
            function, takes_input = (registered, True) if registered else self._program.entry("" if call.index else name)
        except _programs.MissingEntry as error:
            raise MissingEntry(str(error)) from None
        try:
            return name or _programs.MAIN, function(call.input) if takes_input else function()
        except SystemExit as end:
            return name, _exit_code(end.code)

    def encode(self, result) -> bytes:
        return result


def _tell_identity():
    """Make the system say what Faasm's says to functions: who they are, and where."""
    os.getuid = os.geteuid = os.getgid = os.getegid = lambda: 1000
    os.getpid = lambda: 23
    os.cpu_count = os.process_cpu_count = lambda: 4
    os.uname = lambda: os.uname_result(("Linux", "faasm", "6.0.0", "1", "wasm32"))


def _exit_code(code):
    if code is None or isinstance(code, int):
        return code or 0
    print(code, file=sys.stderr)
    return 1


def _code(name, value) -> int:
    if value is None:
        return 0
    if isinstance(value, int) and -(2**31) <= value < 2**31:
        return int(value)
    print(f"{name} returned {type(value).__name__}; return an int or None", file=sys.stderr)
    return -1
