"""The command `python -m pyfaasm`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from ._calls import Call
from ._programs import Program


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs one call; returns its code."""
    parser = argparse.ArgumentParser(prog="python -m pyfaasm", description="Run Faasm functions on this machine.")
    command = parser.add_subparsers(dest="command", required=True).add_parser("run", help="run one call, print its output")
    command.add_argument("file", type=Path, help="the Python file")
    command.add_argument("--entry", default="", help="the function to start with, faasm_main where not given")
    command.add_argument("--input", default="", metavar="TEXT", help="the input; @FILE takes a file's bytes")
    options = parser.parse_args(arguments)
    if not options.file.is_file():
        parser.error(f"`{options.file}` is no file")
    try:
        text: str = options.input
        data = Path(text[1:]).read_bytes() if text.startswith("@") else text.encode("utf-8")
    except OSError as error:
        parser.error(f"`{text[1:]}`: {error.strerror}")
    call = Call(Program(options.file.resolve()), options.entry, data)
    code = call.run()
    if call.output is not None:
        sys.stdout.flush()
        sys.stdout.buffer.write(call.output + b"\n")
        sys.stdout.flush()
    return code


if __name__ == "__main__":
    # What the interpreter does with a negative code is not portable.
    sys.exit(main() & 0xFF)
