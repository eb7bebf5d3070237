"""The `faas` command over the real program."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

NEW = """version: 1.0
provider:
  name: openfaas
  gateway: http://127.0.0.1:8080
functions:
  hello-you:
    lang: python3
    handler: ./hello-you
    image: localhost:5000/hello-you:latest
"""


class Faas:
    """Runs the command in a folder of its own, logged in to a server."""

    def __init__(self, server, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.environment = {**server.environment, "HOME": str(folder), "OPENFAAS_URL": server.url}

    def __call__(self, *words: str, stdin: str = "", fails: bool = False) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [self.server.bin / "faas", *words], cwd=self.folder, env=self.environment, input=stdin,
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == (1 if fails else 0), done.stdout + done.stderr
        return done


@pytest.fixture
def faas(server, tmp_path):
    command = Faas(server, tmp_path)
    saved = command("login", "--gateway", server.url, "-u", "admin", "-p", server.token)
    assert f"credentials saved for admin {server.url}" in saved.stdout
    return command


def test_a_function_from_nothing_to_its_end(faas):
    faas("template", "store", "pull", "python3")
    faas("new", "--lang", "python3", "--prefix", "localhost:5000", "--quiet", "hello-you")
    assert (faas.folder / "hello-you.yml").read_text() == NEW
    assert sorted(each.name for each in (faas.folder / "hello-you").iterdir()) == ["__init__.py", "handler.py", "requirements.txt"]
    (faas.folder / "hello-you/handler.py").write_text("def handle(req):\n    return 'Hello ' + req\n")
    up = faas("up", "--gateway", faas.server.url, "--yaml", "hello-you.yml")
    assert "Deployed. 202 Accepted." in up.stdout and f"URL: {faas.server.url}/function/hello-you" in up.stdout
    assert faas("invoke", "hello-you", stdin="you").stdout == "Hello you\n"
    assert faas("invoke", "--async", "hello-you", stdin="you").stderr == "Function submitted asynchronously.\n"
    assert "hello-you" in faas("list", "-v").stdout and faas("list", "--quiet").stdout.split().count("hello-you") == 1
    described = faas("describe", "hello-you").stdout
    assert "Status:" in described and "Ready" in described and "localhost:5000/hello-you:latest" in described
    assert faas("ready", "hello-you").stdout == "Function hello-you is ready\n"
    (faas.folder / "hello-you/handler.py").write_text("import sys\ndef handle(req):\n    print('seen', req, file=sys.stderr)\n")
    assert "Deployed. 200 OK." in faas("up", "-f", "hello-you.yml").stdout
    faas("invoke", "hello-you", stdin="me")
    assert faas("logs", "hello-you", "--tail=false", "-o", "plain").stdout.endswith("seen me\n")
    faas("remove", "hello-you")
    assert faas("remove", "hello-you", fails=True).stderr == "No existing function to remove\n"
    assert faas("describe", "hello-you", fails=True).stderr == "No such function: hello-you\n"


def test_a_stack_of_functions_with_variables(faas):
    for name, language, code in [
        ("first", "python3-http", "import os\ndef handle(event, context):\n    return os.environ['WORD']\n"),
        ("second", "python3-flask", "def handle(req):\n    return req, 201\n"),
    ]:
        (faas.folder / name).mkdir()
        (faas.folder / name / "handler.py").write_text(code)
        with (faas.folder / "stack.yaml").open("a") as file:
            if name == "first":
                file.write("version: 1.0\nprovider:\n  name: openfaas\nfunctions:\n")
            file.write(f"  stack-{name}:\n    lang: {language}\n    handler: ./{name}\n    image: ${{PREFIX:-local}}/{name}:1\n")
            file.write("    environment:\n      WORD: ${WORD}\n")
    faas.environment["WORD"] = "substituted"
    up = faas("up", "--filter", "stack-*")
    assert up.stdout.count("Deployed.") == 2
    assert faas("invoke", "stack-first").stdout == "substituted"
    assert "local/first:1" in faas("describe", "stack-first").stdout
    assert faas("deploy", "--regex", "^stack-first$", "--env", "WORD=given").stdout.count("Deployed.") == 1
    assert faas("invoke", "stack-first").stdout == "given"
    assert faas("invoke", "stack-second", stdin="x").stdout == "x"
    assert "Nothing to push" in faas("push").stdout
    faas("remove")


def test_secrets_and_namespaces(faas):
    faas("secret", "create", "cli-secret", "--from-literal", "one")
    assert "already exists" in faas("secret", "create", "cli-secret", "--from-literal", "one", fails=True).stderr
    (faas.folder / "value").write_text("two\n")
    faas("secret", "update", "cli-secret", "--from-file", "value")
    assert "cli-secret" in faas("secret", "list").stdout
    assert "must provide a non empty secret value" in faas("secret", "create", "empty", fails=True).stderr
    faas("secret", "remove", "cli-secret")
    assert "unable to find secret" in faas("secret", "remove", "cli-secret", fails=True).stderr
    faas("namespace", "create", "cli-space", "--label", "openfaas=1")
    assert " - cli-space" in faas("ns", "list").stdout and "openfaas: 1" in faas("ns", "get", "cli-space").stdout
    faas("namespace", "remove", "cli-space")


def test_logins(faas):
    wrong = faas("login", "--gateway", faas.server.url, "--password", "wrong", fails=True)
    assert wrong.stderr == "unable to login, either username or password is incorrect\n"
    # The names of this machine are one: who logged in at one of them may use another.
    other = faas.server.url.replace("127.0.0.1", "localhost")
    faas("list", "--gateway", other)
    faas("login", "-g", faas.server.url + "/", "--password-stdin", stdin=faas.server.token + "\n")
    assert (faas.folder / ".openfaas/config.yml").stat().st_mode & 0o777 == 0o600
    faas("logout", "-g", faas.server.url)
    assert "faas login" in faas("list", fails=True).stderr
    faas("list", "--token", faas.server.token)


def test_what_goes_wrong_is_a_sentence(faas):
    assert "There is no template `golang`" in faas("new", "x", "--lang", "golang", fails=True).stderr
    faas("new", "twice", "--lang", "python3")
    assert "already exists" in faas("new", "twice", "--lang", "python3", fails=True).stderr
    (faas.folder / "twice/handler.py").write_text("def handle(:\n")
    assert "Unable to build: SyntaxError" in faas("up", "-f", "twice.yml", "-g", faas.server.url, fails=True).stderr
    assert "was not built here" in faas("deploy", "--image", "nobody/built:this", "--name", "x", fails=True).stderr
    assert "cannot connect" in faas("list", "-g", "http://127.0.0.1:1", fails=True).stderr
    faas("nonsense", fails=True)
    assert faas("version", "--short-version").stdout == "0.1.0\n"
    assert "swiftlet" in faas("version").stdout
