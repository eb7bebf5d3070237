"""The packages, built and installed as users install them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1]
PROGRAM = """
import importlib
import sys
from importlib.metadata import requires, version
from pathlib import Path
folder, name, *modules = sys.argv[1:]
for module in modules:
    file = importlib.import_module(module).__file__
    assert Path(file).is_relative_to(folder), file
    assert (Path(folder) / module.split(".")[0] / "py.typed").exists()
assert version(name) == importlib.import_module(name).__version__
assert not list(Path(folder).glob("bin/*"))
assert any(each.startswith("six") for each in requires(name) or []) == (name == "faaspot")
"""


@pytest.mark.parametrize("name, modules", [
    ("faaspot", ["faaspot", "faaspot.aio", "fas.client.exceptions", "fas.commands.deployments"]), ("pyfaasm", ["pyfaasm.core"]),
    ("away", ["away", "away.builder", "away.FaasConnection"])])
def test_it_installs_and_is_whole(tmp_path, name, modules):
    installed = tmp_path / "installed"
    # The tools and dependencies are there already: a test needs no network.
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-build-isolation", "--no-deps",
               "--no-index", "--target", installed, FOLDER / name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    command = [sys.executable, "-c", PROGRAM, installed, name, *modules]
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
