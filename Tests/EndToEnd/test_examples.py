"""Every folder of examples/ is deployed, called, and answers as it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_example_answers_as_expected(server):
    command = [sys.executable, ROOT / "scripts/try-examples", "--data", server.data, "--url", server.url, "--fas", server.bin / "fas"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
