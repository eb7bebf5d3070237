"""The `faas` command over the real program."""

from __future__ import annotations

import hashlib
import http.client
import json
import subprocess
from pathlib import Path

import pytest
import yaml

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


def test_the_steps_of_the_older_away_library(faas):
    """It calls the command, and writes over the stack file without cutting off what is left of the old text."""
    faas("template", "store", "pull", "python3")
    faas("new", "--lang", "python3", "--prefix", "localhost:5000", "--quiet", "add-one")
    with (faas.folder / "add-one/requirements.txt").open("a") as file:
        file.write("pyyaml\nrequests\n")
    (faas.folder / "add-one/handler.py").write_text(
        "import yaml\ndef handle(req):\n    [n] = yaml.safe_load(req)\n    return yaml.safe_dump(n + 1)\n")
    with (faas.folder / "add-one.yml").open("r+") as file:
        stack = yaml.safe_load(file)
        stack["functions"]["add-one"]["annotations"] = {"built-with": "away"}
        file.seek(0)
        yaml.dump(stack, file)
    faas("up", "--gateway", faas.server.url, "--yaml", "add-one.yml")
    connection = http.client.HTTPConnection(faas.server.url.split("//")[1], timeout=60)
    connection.request("GET", "/function/add-one", b"- 7\n")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert yaml.safe_load(answer.read()) == 8
    described = json.loads(faas("list", "--json").stdout)
    assert [each["annotations"] for each in described if each["name"] == "add-one"] == [{"built-with": "away"}]
    faas("remove", "add-one")


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


def test_a_function_without_a_file(faas):
    (faas.folder / "single").mkdir()
    (faas.folder / "single/handler.py").write_text("def handle(req):\n    return 'one ' + req\n")
    flags = ("--image", "local/single:1", "--name", "single")
    faas("build", *flags, "--handler", "single", "--lang", "python3", "--no-cache", "--parallel", "2", "--build-arg", "A=b")
    limits = ("--memory-limit", "64Mi", "--cpu-limit", "100m", "--cpu-request=10m", "--memory-request=32Mi")
    faas("deploy", *flags, *limits, "--constraint", "zone=a", "--readonly", "--annotation", "topic=x", "--label", "a=b")
    assert faas("invoke", "single", stdin="x").stdout == "one x\n"
    described = faas("describe", "single").stdout
    for words in ("memory: 64Mi", "cpu: 100m", "cpu: 10m", "memory: 32Mi", "zone=a", "topic: x", "a: b"):
        assert words in described
    faas("up", *flags, "--handler", "single", "--lang", "python3", "--skip-push", "--quiet", "--replace", "--update=false")
    assert "give the function's --name" in faas("deploy", "--image", "x", fails=True).stderr


def test_differences_between_a_file_and_what_is_deployed(faas):
    faas("new", "differs", "--lang", "python3", "--memory-limit", "64Mi", "--cpu-request", "10m")
    stack = faas.folder / "differs.yml"
    stack.write_text(stack.read_text() + "\n# for all\nconfiguration:\n  copy: []\n")
    faas("new", "other", "--lang", "python3-http", "--append", str(stack), "--handler", str(faas.folder / "elsewhere"), "--quiet")
    assert stack.read_text().endswith(
        f"  other:\n    lang: python3-http\n    handler: {faas.folder}/elsewhere\n    image: other:latest\n"
        "\n# for all\nconfiguration:\n  copy: []\n")
    assert "has a function `other` already" in faas(
        "new", "other", "--lang", "python3", "--append", "differs.yml", "--handler", "x", fails=True).stderr
    missing = faas("diff", "-f", "differs.yml", "-g", faas.server.url, fails=True)
    assert missing.stderr == "differences found\n" and missing.stdout.count("not deployed") == 2
    faas("up", "-f", "differs.yml", "-g", faas.server.url, "--env", "ADDED=1")
    # A variable that only the server has counts where it is asked for.
    assert "no differences" in faas("diff", "-f", "differs.yml", "-g", faas.server.url).stdout
    assert "env.ADDED" in faas("diff", "-f", "differs.yml", "-g", faas.server.url, "--env", "all", fails=True).stdout
    text = (faas.folder / "differs.yml").read_text().replace("memory: 64Mi", "memory: 128Mi")
    (faas.folder / "differs.yml").write_text(text)
    changed = faas("diff", "-f", "differs.yml", "-g", faas.server.url, "--filter", "differs", fails=True).stdout
    assert changed.split()[-4:] == ["differs", "limits.memory", "128Mi", "64Mi"]


def test_templates_of_others(faas):
    assert faas("new", "--list").stdout.count("- ") == 3
    assert "handle(event, context)" in faas("template", "store", "list", "-v").stdout
    assert "Python" in faas("template", "store", "describe", "python3-http").stdout
    folder = faas.folder / "theirs"
    (folder / "template/mine/function").mkdir(parents=True)
    (folder / "template/mine/template.yml").write_text("language: python3\nfprocess: python3 index.py\n")
    (folder / "template/mine/function/handler.py").write_text("def handle(req):\n    return 'mine'\n")
    assert faas("template", "pull", "theirs").stdout == "Wrote template/mine.\n"
    assert "--overwrite" in faas("template", "pull", "theirs").stderr
    faas("new", "from-mine", "--lang", "mine", "-g", faas.server.url)
    faas("up", "-f", "from-mine.yml")
    assert faas("invoke", "from-mine").stdout == "mine\n"
    # The same from a repository that `git` clones, by its address and out of a list.
    git = ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "x"]):
        subprocess.run([*git, *words], check=True)
    (folder / ".git").rename(faas.folder / "repo.git")
    assert faas("template", "pull", f"file://{faas.folder}/repo.git#main", "--overwrite").stdout == "Wrote template/mine.\n"
    entry = {"template": "mine", "platform": "x86_64", "language": "Python", "source": "them", "description": "Theirs",
             "repo": f"file://{faas.folder}/repo.git", "official": "false"}  # fmt: skip
    (faas.folder / "templates.json").write_text(json.dumps([entry]))
    assert "Theirs" in faas("template", "store", "list", "--url", "templates.json").stdout
    faas("template", "store", "pull", "mine", "--url", "templates.json", "--overwrite")
    assert "could not clone" in faas("template", "pull", f"file://{faas.folder}/nothing", fails=True).stderr
    assert "There is no template `none`" in faas("template", "store", "pull", "none", fails=True).stderr


def test_the_store(faas):
    assert "SHA-256" in faas("store", "list").stdout
    assert "swiftlet/digest:latest" in faas("store", "inspect", "digest").stdout
    faas("store", "deploy", "digest", "--name", "my-digest", "--label", "a=b")
    assert faas("invoke", "my-digest", stdin="x").stdout.strip() == hashlib.sha256(b"x").hexdigest()
    faas("store", "deploy", "Echo")
    assert faas("invoke", "echo", stdin="x").stdout == "x"
    faas("store", "deploy", "request-info")
    assert json.loads(faas("invoke", "request-info", "--query", "a=b", stdin="xy").stdout)["query"] == {"a": ["b"]}
    # What was never built here says how it can be.
    theirs = {"title": "Theirs", "name": "theirs", "description": "d", "images": {"x86_64": "them/theirs:1", "arm64": "x"}}
    (faas.folder / "store.json").write_text(json.dumps({"version": "0.2.0", "functions": [theirs]}))
    assert "theirs" in faas("store", "list", "--url", "store.json").stdout
    faas.environment["OPENFAAS_STORE"] = "store.json"
    assert "was not built here" in faas("store", "deploy", "theirs", fails=True).stderr
    assert "not found" in faas("store", "deploy", "digest", fails=True).stderr


def test_logs_in_each_form(faas):
    (faas.folder / "scribbles").mkdir()
    (faas.folder / "scribbles/handler.py").write_text("import sys\ndef handle(req):\n    print(req, file=sys.stderr)\n")
    faas("up", "--image", "local/scribbles:1", "--name", "scribbles", "--handler", "scribbles", "--lang", "python3")
    faas("invoke", "scribbles", stdin="one")
    faas("invoke", "scribbles", stdin="two")

    def logs(*words: str) -> list[str]:
        return faas("logs", "scribbles", "--tail=false", *words).stdout.splitlines()

    assert [line.split(" ")[1:] for line in logs()] == [["one"], ["two"]]
    assert [json.loads(line)["text"] for line in logs("--json", "--lines", "1")] == ["two"]
    assert logs("-o", "keyvalue", "--name")[0].split(" ", 1)[1] == 'name="scribbles" text="one"'
    assert logs("--name", "--instance", "--since", "10m")[1].split(" ")[1] == "scribbles"
    assert logs("--since-time", "2100-01-01T00:00:00Z") == []


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
