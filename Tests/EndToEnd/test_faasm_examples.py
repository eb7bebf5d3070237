"""The table "must work verbatim" of Faasm's users: files, commands, tasks of `inv`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SEED = """
from pyfaasm.core import await_call, chain_this_with_input

def func_one(data):
    pass

def func_two(data):
    pass

def faasm_main():
    call_one = chain_this_with_input(func_one, b'')
    call_two = chain_this_with_input(func_two, b'')

    await_call(call_one)
    await_call(call_two)
"""

@pytest.fixture(scope="module")
def server(launch):
    return launch("--faasm-upload", "0", PYTHON_CODEGEN="on")


@pytest.fixture(scope="module")
def workspace(server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    done = swiftlet(server, folder, "faasm", "init")
    assert done.returncode == 0, done.stderr
    assert swiftlet(server, folder, "faasm", "func.upload-all").returncode == 0
    return folder


def swiftlet(server, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [server.bin / "swiftlet", *words], env=server.environment, cwd=folder, capture_output=True, text=True, timeout=120
    )


def inv(server, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**server.environment, "SWIFTLET": str(server.bin / "swiftlet")}
    return subprocess.run(
        [sys.executable, "-m", "invoke", *words],
        env=environment, cwd=folder, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_the_seed_runs_unchanged(server) -> None:
    faasm = server.faasm()
    faasm.upload("seed", SEED)
    answer = faasm.call("seed")
    assert (answer.status, answer.headers["X-Faasm-Return-Code"], answer.body) == (200, "0", b"")


@pytest.mark.parametrize(
    "words",
    [
        ["func"], ["func.upload"], ["python.set-up-runtime"], ["cpython.wasm"], ["modules.install"], ["flush.all"],
        ["func.flush"], ["python.codegen"],
    ],
)  # fmt: skip
def test_what_is_built_in_succeeds_at_once(server, workspace: Path, words: list[str]) -> None:
    for run in (inv, lambda *rest: swiftlet(*rest[:2], "faasm", *rest[2:])):
        done = run(server, workspace, *words)
        assert done.returncode == 0 and done.stdout, done.stderr


def test_inv_uploads_and_invokes(server, workspace: Path) -> None:
    done = inv(server, workspace, "func.uploadpy", "hello")
    assert done.returncode == 0, done.stderr
    done = inv(server, workspace, "func.invoke", "python", "hello")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Success:\nHello! Running Python version 3.13")


def test_inv_in_the_spelling_of_2020(server, workspace: Path) -> None:
    done = inv(server, workspace, "upload", "python", "hello", "--py")
    assert done.returncode == 0, done.stderr
    done = inv(server, workspace, "invoke", "python", "hello", "--py")
    assert done.returncode == 0 and done.stdout.startswith("Hello! Running Python version 3.13"), done.stderr


def test_wait_for_the_upload_server(server, workspace: Path) -> None:
    listener = server.listener("faasm-upload")
    port = listener.base.rsplit(":", 1)[1]
    done = swiftlet(server, workspace, "faasm", "wait", "localhost", port)
    assert done.returncode == 0, done.stderr
    answer = listener.request("GET", "/ping")
    assert (answer.status, answer.body) == (200, b"PONG")


@pytest.mark.parametrize("name", ["hello", "chain", "echo", "fan_out"])
def test_an_example_ends_with_code_0(server, workspace: Path, name: str) -> None:
    done = swiftlet(server, workspace, "faasm", "func.invoke", "python", name)
    assert done.returncode == 0 and done.stdout.startswith("Success:\n"), done.stderr


def test_echo(server, workspace: Path) -> None:
    done = swiftlet(server, workspace, "invoke", "python", "echo", "--input", "grüße")
    assert (done.returncode, done.stdout) == (0, "grüße\n")
    answer = server.faasm().call("echo")
    assert (answer.status, answer.body) == (200, b"")


def test_fan_out(server, workspace: Path) -> None:
    assert swiftlet(server, workspace, "invoke", "python", "fan_out", "--input", "20").stdout == "2470\n"


def test_dict_state(server, workspace: Path) -> None:
    done = server.faasm().call("dict_state")
    assert done.status == 200
    printed = server.request("GET", f"/v1/executions/{done.headers['X-Swiftlet-Execution']}/logs").json
    expected = "Dictionary as expected: {'alpha': 'beta', 'gamma': 'delta', 'epsilon': 'zeta'}"
    assert [line["text"] for line in printed] == [expected]


def test_state_is_written_and_read_in_a_later_call(server, workspace: Path) -> None:
    assert server.faasm().code("state_write") == 0
    assert server.faasm().code("state_read") == 0


def test_exit_code_is_that_of_the_function(server, workspace: Path) -> None:
    server.faasm().upload("seven", "def faasm_main():\n    return 263\n")
    done = swiftlet(server, workspace, "faasm", "func.invoke", "python", "seven")
    assert done.returncode == 7
    assert done.stdout.startswith("Failed (return value=263):\nCall failed (return value=263)\n")
    done = inv(server, workspace, "func.invoke", "python", "seven")
    assert done.returncode == 7


def test_a_queued_call_is_asked_for_later(server, workspace: Path) -> None:
    done = swiftlet(server, workspace, "invoke", "python", "echo", "--input", "x", "--asynch", "--poll")
    assert (done.returncode, done.stdout) == (0, "x\n"), done.stderr
    assert swiftlet(server, workspace, "faasm", "invoke.status").stdout == "SUCCESS: x\n"
    graph = swiftlet(server, workspace, "faasm", "invoke.exec-graph", "--json")
    assert '"output_data": "x"' in graph.stdout


def test_functions_are_listed_and_deleted(server, workspace: Path) -> None:
    server.faasm().upload("gone", "def faasm_main(): pass", user="lister")
    assert swiftlet(server, workspace, "faasm", "func.list", "lister").stdout == "gone\n"
    assert swiftlet(server, workspace, "faasm", "func.delete", "lister", "gone").returncode == 0
    assert swiftlet(server, workspace, "faasm", "func.list", "lister").stdout == "\n"


def test_what_is_done_otherwise_is_refused_with_the_way(server, workspace: Path) -> None:
    done = swiftlet(server, workspace, "faasm", "deploy.compose")
    assert done.returncode == 1 and "swiftlet serve" in done.stderr


def test_ini_names_the_server(server, workspace: Path) -> None:
    import configparser

    assert swiftlet(server, workspace, "faasm", "ini").returncode == 0
    file = configparser.ConfigParser()
    file.read(workspace / "faasm.ini")
    assert server.url.endswith(":" + file["Faasm"]["planner_port"])
    assert file["Faasm"]["backend"] == "compose"


def test_graph_is_drawn(server, workspace: Path) -> None:
    execution = server.faasm().call("chain").headers["X-Swiftlet-Execution"]
    done = swiftlet(server, workspace, "executions", "graph", execution, "--svg", "graph.svg")
    assert done.returncode == 0, done.stderr
    assert (workspace / "graph.svg").read_text().count("python/chain:chain_") == 2
    lines = swiftlet(server, workspace, "executions", "graph", execution).stdout.splitlines()
    assert [line.split("  ")[0] for line in lines] == [
        "python/chain", "├─ python/chain:chain_one", "└─ python/chain:chain_two",
    ]  # fmt: skip


def test_logs_of_calls(server, workspace: Path) -> None:
    execution = server.faasm().call("dict_state").headers["X-Swiftlet-Execution"]
    done = swiftlet(server, workspace, "faasm", "logs", "-s", "worker", "--function", "python/dict_state")
    assert done.returncode == 0, done.stderr
    assert f"{execution} stdout Dictionary as expected" in done.stdout
    command = [server.bin / "swiftlet", "faasm", "logs", "-f", "--json", "--function", "python/fan_out"]
    with subprocess.Popen(command, env=server.environment, stdout=subprocess.PIPE, text=True) as following:
        server.faasm().upload("fan_out", "def faasm_main(): print('followed', flush=True)")
        server.faasm().call("fan_out")
        assert '"text":"followed"' in following.stdout.readline().replace('": "', '":"')
        following.terminate()


def test_monitor_of_the_planner(server, workspace: Path) -> None:
    done = swiftlet(server, workspace, "faasm", "monitor.planner", "--count", "1")
    assert done.returncode == 0 and "usedSlots" in done.stdout and "Apps in flight" in done.stdout, done.stderr
    status = swiftlet(server, workspace, "faasm", "status")
    assert status.returncode == 0 and "slots" in status.stdout


@pytest.mark.parametrize("word", ["deploy.k8s", "delete", "restart", "scale", "cli.python", "cli.faasm"])
def test_each_refused_word_names_what_to_do(server, workspace: Path, word: str) -> None:
    done = swiftlet(server, workspace, "faasm", word)
    assert done.returncode == 1 and "Swiftlet has no" in done.stderr and len(done.stderr) > 40


@pytest.mark.parametrize(
    "words",
    [["codegen", "python", "hello"], ["codegen", "python", "hello", "--clean"], ["flush.hosts"], ["flush.workers"]],
)
def test_what_needs_nothing_done_says_so(server, workspace: Path, words: list[str]) -> None:
    done = swiftlet(server, workspace, "faasm", *words)
    assert done.returncode == 0 and done.stdout, done.stderr


def test_state_goes_up_and_down(server, workspace: Path) -> None:
    (workspace / "value").write_bytes(b"bytes \0 of a file")
    assert inv(server, workspace, "state.upload", "python", "uploaded", "value").returncode == 0
    assert inv(server, workspace, "state.download", "python", "uploaded", "back").returncode == 0
    assert (workspace / "back").read_bytes() == b"bytes \0 of a file"
    assert "uploaded" in swiftlet(server, workspace, "faasm", "state.list", "python").stdout.splitlines()
    assert swiftlet(server, workspace, "state", "delete", "python", "uploaded").returncode == 0
    for words in [("faasm", "state.list"), ("state", "list"), ("state", "state.list")]:
        assert "uploaded" not in swiftlet(server, workspace, *words, "python").stdout.splitlines()
    assert "USAGE: swiftlet state list <user>" in swiftlet(server, workspace, "state", "list", "--help").stdout


def test_files_go_up_and_down(server, workspace: Path) -> None:
    (workspace / "file").write_bytes(b"shared")
    assert inv(server, workspace, "files.upload", "file", "in/file").returncode == 0
    assert inv(server, workspace, "files.download", "in/file", "file-back").returncode == 0
    assert (workspace / "file-back").read_bytes() == b"shared"


def test_matrices_are_multiplied_by_72_chained_calls(server, workspace: Path) -> None:
    source = (Path(__file__).resolve().parents[2] / "benchmarks/functions/matrix.py").read_text()
    server.faasm().upload("matrix", source)
    answer = server.faasm().call("matrix", b"[16, 2]")
    assert answer.status == 200, answer.body
    assert b'"calls": 72' in answer.body


def test_identity_and_files_are_those_that_functions_look_for(server, workspace: Path) -> None:
    server.faasm().upload(
        "identity",
        """
        import json, os, platform
        from pyfaasm.core import write_output
        def faasm_main():
            found = [os.getuid(), os.getgid(), os.getpid(), os.cpu_count(), os.getcwd(), __file__, __name__]
            found += [platform.node(), platform.system(), os.path.expanduser("~"), os.path.isdir("/home/faasm")]
            found += [open("/etc/" + name).read().split()[0] for name in ("hosts", "passwd", "resolv.conf")]
            found += [len(os.listdir("/lib/python3.8")) > 50 and os.listdir("/lib/python3.8") == os.listdir("/lib/python3.13")]
            write_output(json.dumps(found).encode())
        """,
    )
    answer = server.faasm().call("identity")
    assert answer.status == 200, answer.body
    assert json.loads(answer.body) == [
        1000, 1000, 23, 4, "/", "/pyfuncs/python/identity/function.py", "function", "faasm", "Linux", "/home/faasm", True,
        "127.0.0.1", "faasm:x:1000:1000::/home/faasm/:/bin/sh", "#", True,
    ]  # fmt: skip
