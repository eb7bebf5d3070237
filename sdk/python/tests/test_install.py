"""The package, built and installed as users install it."""

import os
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "faaspot"
PROGRAM = """
from importlib.metadata import requires, version
from pathlib import Path
import faaspot, fas, fas.client.exceptions, fas.commands.deployments
folder = Path(faaspot.__file__).parent.parent
assert str(folder) == FOLDER and Path(fas.__file__).parent.parent == folder, folder
assert (folder / "faaspot/py.typed").exists() and (folder / "fas/py.typed").exists()
assert version("faaspot") == faaspot.__version__
assert any(each.startswith("six") for each in requires("faaspot"))
assert not list(folder.glob("bin/*"))
"""


def test_it_installs_and_is_whole(tmp_path):
    # The tools and dependencies are there already: a test needs no network.
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-build-isolation", "--no-deps",
               "--no-index", "--target", tmp_path / "installed", PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    program = PROGRAM.replace("FOLDER", repr(str(tmp_path / "installed")))
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
