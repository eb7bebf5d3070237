"""The tests of the `away` package, the examples of its documents and of the older package among them, over the real program.

Where they run by themselves, they ask a small gateway of their own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SDK = Path(__file__).resolve().parents[2] / "sdk/python"


@pytest.mark.parametrize("name", [
    "test_seed_examples", "test_publishing", "test_proxies", "test_protocol", "test_connection", "test_conveniences", "test_documents",
])  # fmt: skip
def test_the_package(server, name):
    paths = os.pathsep.join(str(SDK / each / "src") for each in ("away", "faaspot", "pyfaasm"))
    environment = {**os.environ, "SWIFTLET_GATEWAY": server.url, "SWIFTLET_PASSWORD": server.token, "PYTHONPATH": paths}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib", "--timeout=120"]
    done = subprocess.run([*command, SDK / f"tests/away/{name}.py"], env=environment, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
