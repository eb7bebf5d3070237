"""The flow of the seed document, as its users type it: `fas` and `curl`."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

HELLO = "def main(args, context):\n    return 'Hello {0}'.format(args['name'])\n"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture
def hello(server, tmp_path):
    file = tmp_path / "hello.py"
    file.write_text(HELLO)
    server.fas("functions", "delete", "hello")
    made = server.fas("functions", "create", "hello", "--file", str(file))
    assert made.returncode == 0 and re.fullmatch(rf"Execution id: {UUID.pattern}\n", made.stdout), made
    return file


def curl(*arguments):
    result = subprocess.run(["curl", "-sS", *arguments], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_create_and_run_and_wait(server, hello):
    done = server.fas("functions", "run", "hello", "--parameters", "name=user1", "--wait")
    assert (done.returncode, done.stdout) == (0, "Hello user1\n")


def test_run_prints_the_bare_uuid_and_get_the_execution(server, hello):
    identifier = server.fas("functions", "run", "hello", "--parameters", "name=user1").stdout
    assert UUID.fullmatch(identifier.strip()) and identifier.count("\n") == 1
    server.settled(identifier.strip())
    shown = server.fas("executions", "get", identifier.strip())
    execution = json.loads(shown.stdout)
    assert list(execution)[:5] == ["uuid", "name", "status", "output", "created"]
    assert execution["status"] == "Success" and execution["output"] == "Hello user1"


def test_bulk(server, hello):
    done = server.fas("functions", "run_bulk", "hello", "-p", "name=a, k2=v2", "-p", "name=b")
    identifiers = UUID.finditer(done.stdout)
    outputs = [server.settled(each.group())["output"] for each in identifiers]
    assert outputs == ["Hello a", "Hello b"]


def test_delete(server, hello):
    done = server.fas("functions", "delete", "hello")
    assert done.returncode == 0 and "uuid" in done.stdout
    assert server.call("hello").status == 404
    failed = server.fas("functions", "run", "hello", "-p", "name=x", "--wait")
    assert failed.returncode == 1 and "404 (Not Found): Not found." in failed.stderr


def test_curl(server, hello):
    token = ["--header", f"Authorization: Token {server.token}"]
    url = f"{server.url}/v1"
    made = curl("-X", "PUT", *token, "--header", "Content-Type: application/json", "--data",
                '{"name": "seed", "code": "def%20main%28args%2C%20context%29%3A%0A%20%20return%20args", "context": "a%20%3D%20b"}',
                f"{url}/functions/")
    assert UUID.fullmatch(json.loads(made))
    assert json.loads(curl("-X", "GET", *token, f"{url}/sync/functions/seed/rpc/?P1=V1&P2=V2")) == {"P1": "V1", "P2": "V2"}
    identifier = curl(*token, f"{url}/functions/seed/rpc/?PARAMETER=VALUE")
    assert re.fullmatch(rf'"{UUID.pattern}"', identifier)
    assert server.settled(json.loads(identifier))["output"] == {"PARAMETER": "VALUE"}
    posted = curl("-X", "POST", "--header", "Content-Type: application/json", *token, f"{url}/functions/seed/rpc/",
                  "-d", '{"PARAMETER_1": "VALUE_1", "n": 1}')
    assert server.settled(json.loads(posted))["output"] == {"PARAMETER_1": "VALUE_1", "n": 1}
    bulk = json.loads(curl("-X", "POST", *token, f"{url}/functions/seed/bulk_rpc/", "-d", '[{"k1": "v1"}, {"k3": "v3"}]'))
    assert [server.settled(each)["output"] for each in bulk] == [{"k1": "v1"}, {"k3": "v3"}]
    assert UUID.fullmatch(json.loads(curl("-X", "DELETE", *token, f"{url}/functions/seed"))["uuid"])


def test_a_syntax_error_is_shown_where_it_is(server, tmp_path):
    (tmp_path / "bad.py").write_text("def main(args\n")
    failed = server.fas("functions", "create", "bad", "--file", str(tmp_path / "bad.py"))
    assert failed.returncode == 1 and failed.stdout == ""
    place = '  File "/function/bad.py", line 1\n    def main(args\n            ^\nSyntaxError: \'(\' was never closed\n'
    assert failed.stderr.endswith("\n\n" + place)


def test_a_profile_of_another_port_is_told_where_the_server_is(server, tmp_path):
    port = server.url.rsplit(":", 1)[1]
    environment = {**server.environment, "FAASPOT_DIR": str(tmp_path)}
    for arguments in (["profiles", "create", "--host", "localhost", "--port", "1", "--token", "T"], ["functions", "list"]):
        done = subprocess.run([server.bin / "fas", *arguments], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and f"No server answers at https://localhost:1. One is at {server.url}: " in done.stderr
    assert f"`fas profiles update NAME --protocol http --port {port}`" in done.stderr


@pytest.mark.parametrize("token", [None, "wrong"])
def test_without_a_token_nothing_is_said(server, hello, token):
    for method, path in [("GET", "/v1/functions/"), ("GET", "/v1/sync/functions/hello/rpc/?name=x"), ("DELETE", "/v1/functions/hello")]:
        answer = server.request(method, path, token=token)
        assert answer.status == 401 and answer.json["message"] == "Invalid token."


def test_a_context_file_reaches_the_function(server, tmp_path):
    (tmp_path / "f.py").write_text("def main(args, context):\n    return context\n")
    (tmp_path / "c.env").write_text('access_key_is = "XYZ"\nsecret_access_key = "123"\n')
    server.fas("functions", "delete", "keys")
    assert server.fas("functions", "create", "keys", "--file", str(tmp_path / "f.py"), "-c", str(tmp_path / "c.env")).returncode == 0
    done = server.fas("functions", "run", "keys", "--wait")
    assert json.loads(done.stdout) == {"access_key_is": "XYZ", "secret_access_key": "123"}


def test_every_example_answers_as_it_says(server):
    command = [sys.executable, ROOT / "scripts/try-examples", "--data", server.data, "--url", server.url, "--fas", server.bin / "fas"]
    done = subprocess.run(command, env=server.environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
