"""Functions in files, run as the command runs them."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Callable

import pytest

from pyfaasm import _programs, _stores, core

SOURCE = Path(__file__).resolve().parents[2] / "pyfaasm/src"


@pytest.fixture(autouse=True)
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """No switches, no state and no functions of other tests."""
    for name in ("PYTHON_LOCAL_CHAINING", "PYTHON_LOCAL_OUTPUT", "PYTHON_LOCAL_INPUT_OUTPUT", "PYFAASM_STATE_DIR", "CHAINED_CALL_TIMEOUT"):
        # Set first, so that what a test turns on is turned off after it.
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(_stores, "_memory", _stores.MemoryStore())
    _programs.clear_registered_functions()
    core.set_emulator_message({})


Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Writes a file and runs a call of it in a process of its own."""

    def start(code: str, *arguments: str, name: str = "function.py", **variables: str) -> subprocess.CompletedProcess[bytes]:
        file = tmp_path / name
        file.write_text(textwrap.dedent(code))
        environment = {**os.environ, "PYTHONPATH": str(SOURCE), **variables}
        command = [sys.executable, "-m", "pyfaasm", "run", file, *arguments]
        return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, timeout=120)

    return start
