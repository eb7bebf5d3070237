"""The unmodified `faasmctl`, by the file that `swiftlet faasm ini` writes: all of it that needs no Docker."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("faasmctl", reason="the package `faasmctl` is not installed")

COMPILED = Path(__file__).resolve().parents[2] / ".deps/faasm"


@pytest.fixture(scope="module")
def server(launch):
    return launch("--faasm-upload", "0")


@pytest.fixture(scope="module")
def ini(server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    port = server.listener("faasm-upload").base.rsplit(":", 1)[1]
    file = tmp_path_factory.mktemp("ini") / "faasm.ini"
    command = [server.bin / "swiftlet", "faasm", "ini", str(file), "--upload-port", port]
    assert subprocess.run(command, env=server.environment, timeout=60).returncode == 0
    return file


@pytest.fixture
def python(server, ini: Path):
    """Runs a program that may import `faasmctl.util`, or with `-m` a module."""

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        environment = {**server.environment, "FAASM_INI_FILE": str(ini)}
        return subprocess.run(
            [sys.executable, *words], env=environment, cwd=ini.parent, capture_output=True, text=True, timeout=120
        )

    return run


@pytest.fixture
def faasmctl(python):
    return lambda *words: python("-c", "from faasmctl.main import main; main()", *words)


@pytest.fixture
def echo(faasmctl) -> None:
    done = faasmctl("upload", "demo", "echo", str(COMPILED / "echo.wasm"))
    assert done.returncode == 0, done.stderr


def test_a_module_is_uploaded_and_invoked(faasmctl, echo) -> None:
    done = faasmctl("invoke", "demo", "echo", "--input-data", "hello there")
    assert done.returncode == 0, done.stderr
    assert "hello there" in done.stdout and "Return value" in done.stdout, done.stdout


@pytest.mark.parametrize("form", ["cold-start", "exec-time", "wall-time", "start-end-ts"])
def test_times_are_measured(faasmctl, echo, form: str) -> None:
    done = faasmctl("invoke", "demo", "echo", "--output-format", form)
    # Of the wall time it prints one character, a blank.
    assert done.returncode == 0 and (done.stdout.strip() or form == "wall-time"), done.stderr


def test_python_is_invoked_like_a_module(faasmctl, server) -> None:
    server.faasm().upload("hello", "from pyfaasm.core import *\ndef faasm_main(): write_output(b'from Python')")
    done = faasmctl("invoke", "python", "hello")
    assert done.returncode == 0 and "from Python" in done.stdout, done.stdout + done.stderr


def test_the_exit_code_is_that_of_the_function(faasmctl, server) -> None:
    server.faasm().upload("three", "def faasm_main(): return 3")
    assert faasmctl("invoke", "python", "three").returncode == 3


def test_files_are_uploaded(faasmctl, server, ini: Path) -> None:
    (ini.parent / "data").write_bytes(b"shared by faasmctl")
    done = faasmctl("upload.file", "data", "in/data")
    assert done.returncode == 0 and "Response (200)" in done.stdout, done.stdout + done.stderr
    server.faasm().upload(
        "reads", "from pyfaasm.core import *\ndef faasm_main(): write_output(open('faasm://in/data', 'rb').read())"
    )
    assert server.faasm().call("reads").body == b"shared by faasmctl"


@pytest.mark.parametrize("word", ["flush.hosts", "flush.workers", "flush.all"])
def test_flushing_does_nothing(faasmctl, word: str) -> None:
    done = faasmctl(word)
    assert done.returncode == 0, done.stderr


def test_programs_on_its_modules_run_unmodified(python, echo, ini: Path) -> None:
    (ini.parent / "program.py").write_text(
        """
from faasmctl.util.flush import flush_workers
from faasmctl.util.invoke import invoke_wasm
from faasmctl.util.planner import get_available_hosts, get_in_fligh_apps, reset, set_next_evicted_host, set_planner_policy
from faasmctl.util.results import get_execution_time_from_message_results, get_return_code_from_message_results

reset()
flush_workers()
hosts = get_available_hosts().hosts
assert len(hosts) == 1 and hosts[0].slots > 0, hosts
assert not get_in_fligh_apps().apps
set_planner_policy("spot")
set_next_evicted_host([hosts[0].ip])
set_planner_policy("bin-pack")
result = invoke_wasm({"user": "demo", "function": "echo", "input_data": "AQID"}, num_messages=4)
assert len(result.messageResults) == 4, result
assert get_return_code_from_message_results(result) == 0
assert 0 <= get_execution_time_from_message_results(result) < 60
print("all of it")
"""
    )
    done = python("program.py")
    assert done.stdout.strip().endswith("all of it"), done.stdout + done.stderr
