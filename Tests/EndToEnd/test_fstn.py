"""The command `fstn`, and what operators have beside it, over the real program."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

THUMBNAILS = (Path(__file__).parents[2] / "examples/faasten/gen-thumb/workload.py").read_text()

# A picture of 612 by 573: this side has no Pillow.
PAINT = """
from io import BytesIO
from PIL import Image

def handle(event, cloudcall):
    made = BytesIO()
    Image.linear_gradient("L").resize((612, 573)).convert("RGB").save(made, "JPEG")
    return list(made.getvalue())
"""

ECHO = """
def handle(event, cloudcall):
    print("seen", event.get("word"))
    if event.get("word") == "bad":
        raise ValueError("a bad word")
    return {"event": event}
"""

PASSWORD = "correct horse battery"


class Command:
    """Runs `fstn` for one user, with a home of its own."""

    def __init__(self, server: Any, home: Path, **environment: str) -> None:
        self.server, self.home = server, home
        kept = {key: value for key, value in server.environment.items() if not key.startswith("FSTN_")}
        self.environment = {**kept, "HOME": str(home), "FSTN_SERVER": server.url, **environment}
        self.environment.pop("XDG_CONFIG_HOME", None)

    def run(self, program: str, *words: str | Path, stdin: bytes = b"", code: int = 0) -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run(
            [self.server.bin / program, *map(str, words)], cwd=self.home, env=self.environment, input=stdin,
            capture_output=True, timeout=140,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done

    def __call__(self, *words: str | Path, stdin: bytes = b"", code: int = 0) -> bytes:
        return self.run("fstn", *words, stdin=stdin, code=code).stdout

    def json(self, *words: str | Path, stdin: bytes = b"", code: int = 0) -> Any:
        return json.loads(self(*words, stdin=stdin, code=code))

    def errors(self, *words: str | Path, stdin: bytes = b"", code: int = 0) -> str:
        return self.run("fstn", *words, stdin=stdin, code=code).stderr.decode()

    def folder(self, name: str, code: str) -> str:
        (self.home / name).mkdir()
        (self.home / name / "workload.py").write_text(code)
        return name


def with_fstn(server: Any) -> Any:
    """The server, with the command beside it."""
    if not (server.bin / "fstn").exists():
        (server.bin / "fstn").symlink_to(os.readlink(server.bin / "swiftlet"))
    return server


@pytest.fixture(scope="module")
def sign_in(launch, tmp_path_factory) -> Callable[[str], Command]:
    """Makes a user of a server of this file's, and signs it in."""
    server = with_fstn(launch())

    def make(name: str) -> Command:
        command = Command(server, tmp_path_factory.mktemp(name))
        (command.home / "password").write_text(PASSWORD)
        command.run("swiftlet", "users", "create", name, "--password-file", "password", "--scope", "read")
        said = command.errors("login", "--name", name, "--password-stdin", stdin=PASSWORD.encode() + b"\n")
        assert f"as {name}, stored as user default" in said
        return command

    return make


@pytest.fixture(scope="module")
def alice(sign_in) -> Command:
    return sign_in("alice")


@pytest.fixture(scope="module")
def echo(alice) -> Command:
    """Alice, with the gate ~:echo."""
    alice("register", alice.folder("echo", ECHO), "alice/echo,alice/echo", "~:echo", "128", "python")
    return alice


DONE = {"success": True}


def test_the_tutorial(alice):
    alice.folder("gen-thumb", THUMBNAILS)
    alice("register", alice.folder("paint", PAINT), "alice/paint,alice/paint", "~:paint")
    photo = alice.home / "photo.jpg"
    photo.write_bytes(bytes(alice.json("invoke", "~:paint", "{}")))
    assert alice.json("register", "gen-thumb", "alice/gen-thumb,alice/gen-thumb", "~:gen-thumb", "128", "python") == DONE
    assert alice.json("put-blob", "photo.jpg", "~:photo.jpg", "alice,alice") == DONE
    event = {
        "input": "home:<alice,alice>:photo.jpg", "output_dir": "home:<alice,alice/gen-thumb>",
        "sizes": [[75, 75], [100, 100]],
    }  # fmt: skip
    assert alice("invoke", "~:gen-thumb", json.dumps(event)) == b"{}"
    listed = alice.json("list-dir", "home:<alice,alice/gen-thumb>")
    assert listed == {"success": True, "value": {"names": ["100-100.jpeg", "75-75.jpeg"]}}
    small = alice("fs", "cat", "home:<alice,alice/gen-thumb>:75-75.jpeg")
    assert small[:3] == b"\xff\xd8\xff" and small[-2:] == b"\xff\xd9"
    assert alice("fs", "cat", "~:photo.jpg") == photo.read_bytes()


def test_who_and_how_far(alice):
    assert alice.json("whoami") == {"login": "alice"}
    assert alice("ping").startswith(b"ping: ") and alice("ping").endswith(b"ms elapsed\n")
    assert alice.json("ping-scheduler", "--json")["milliseconds"] > 0
    assert alice("fs", "ping").endswith(b"ms elapsed\n")
    credentials = alice.home / ".config/fstn/credentials"
    assert stat.S_IMODE(credentials.stat().st_mode) == 0o600
    assert f'["{alice.server.url}"]\ndefault = "' in credentials.read_text()


def test_every_command_has_json(echo):
    for words in (["ping"], ["ping-scheduler"], ["fs", "ping"]):
        assert echo.json(*words, "--json")["milliseconds"] > 0
    assert echo.json("--json", "ping")["milliseconds"] > 0
    invocation = echo.json("invoke", "--async", "~:echo", "{}", "--json")["invocation"]
    assert echo.json("result", "--json", invocation, "--wait")["event"] == {"input": {}}
    assert echo.json("delegate", "--json", "alice/app")["token"].count(".") == 2
    login = echo.json("login", "--name", "alice", "--password-stdin", "--json", stdin=PASSWORD.encode() + b"\n")
    assert login == {"login": "alice", "server": echo.server.url, "user": "default"}
    assert echo.json("fs", "ls", "-l", "~", "--json")["value"]["echo"] == {"kind": 3, "label": "T,alice"}
    assert echo.json("fs", "mkfile", "--json", "-l", "alice,alice", "~", "jotted") == DONE
    assert echo.json("fs", "read", "~:jotted", "--json") == {**DONE, "value": ""}
    assert echo.json("fs", "read", "~:none", "--json", code=1) == {"success": False, "error": "DoesNotExist"}
    called = echo.json("fs", "invoke", "~:echo", "--json", stdin=b'{"word": 1}')
    assert called["status"] == 200 and called["success"] is True and called["data"]
    built = echo.json("build", "echo", "-o", "echo.zip", "--json")
    assert built == {"output": "echo.zip", "files": 1, "warnings": []}


def test_why_a_function_cannot_be_registered_is_said(alice):
    alice.folder("native", "def handle(event): return 1")
    (alice.home / "native/requirements.txt").write_text("numpy")
    refused = alice.run("fstn", "register", "native", "alice,alice", "~:native", code=1)
    assert json.loads(refused.stdout)["error"] == "Malformed" and b"`numpy` has no pure-Python wheel" in refused.stderr
    assert "no runtime `ruby`" in alice.errors("register", "native", "alice,alice", "~:native", "128", "ruby", code=1)


@pytest.mark.parametrize("length", [700_000, 5_000_000, 16 << 20])
def test_files_are_as_long_as_they_may_be(alice, length):
    content = os.urandom(length)
    alice("fs", "mkfile", "-l", "alice,alice", "~", f"long-{length}")
    assert alice.json("fs", "write", f"~:long-{length}", stdin=content) == DONE
    assert alice("fs", "read", f"~:long-{length}") == content
    if length == 16 << 20:
        refused = alice.json("fs", "write", f"~:long-{length}", stdin=content + b"!", code=1)
        assert refused == {"success": False, "error": "QuotaExceeded"}


def test_what_is_wrong_with_an_operation_is_said(echo):
    def ask(**arguments):
        done = json.loads(echo.run("fstn", "invoke", "~:fsutil", json.dumps(arguments), code=1).stdout)
        assert done["success"] is False
        return done["error"], done.get("detail", "")

    made = {"op": "mkdir", "args": {"base": "~", "name": "x"}}
    code, detail = ask(op="mkdir", args={**made["args"], "label": "a b,T"})
    assert code == "Malformed" and "must stand after a backslash" in detail
    code, detail = ask(op="mkdir", args={**made["args"], "name": 5})
    assert code == "Malformed" and detail.startswith("`args.name`: ")
    assert ask(args={}) == ("Malformed", "`op` is missing.")
    assert ask(op="mkdir", args={**made["args"], "base": "~:a:~"})[0] == "BadPath"
    assert ask(op="ls", args={}) == ("Malformed", "`args.path` is missing.")
    assert ask(op="create-blob", args={"path": "~:x"}) == ("Malformed", "There is no file.")
    assert ask(op="nothing") == ("[fsutil] unknown op", "")
    echo("fs", "mkgate", "-p", "alice", "-c", "alice", "-g", "~:echo", "~", "leading")
    refused = echo.errors("register", "echo", "alice,alice", "~:leading", "--replace", code=1)
    assert "stays one" in refused


def test_a_pasted_token_is_tried_before_it_is_stored(alice, tmp_path):
    other = Command(alice.server, tmp_path)
    done = other.run("fstn", "login", stdin=b"nonsense\n", code=1)
    assert done.stdout == f"{alice.server.url}/login\n".encode() + b'{"error":"invalid token"}'
    assert not (tmp_path / ".config").exists()
    token = (alice.home / ".config/fstn/credentials").read_text().rsplit('"', 2)[1]
    other("-u", "me", "login", stdin=token.encode() + b"\n")
    assert other.json("whoami", "-u", "me") == {"login": "alice"}
    wrong = other.run("fstn", "login", "--name", "alice", "--password-stdin", stdin=b"wrong\n", code=1)
    assert b"The name or the password is wrong." in wrong.stderr


def test_a_delegated_token_reaches_less(alice):
    token = alice("delegate", "alice/app", "--save", "--bootstrap").decode().strip()
    assert token.count(".") == 2
    assert alice.json("-u", "alice/app", "whoami") == {"login": "alice/app"}
    assert alice.json("-u", "alice/app", "fs", "mkfile", "-l", "T,alice/app", "home:<T,alice/app>", "note") == DONE
    refused = alice.run("fstn", "delegate", "bob", code=1)
    assert b"406" in refused.stderr and b"error" in refused.stdout
    assert b"--bootstrap" in alice.run("fstn", "delegate", "alice/app", "-c", "T", code=2).stderr


def test_answers_are_printed_as_they_are_and_failures_have_an_exit_code(echo):
    done = echo.run("fstn", "invoke", "~:echo", '{"word":  "ä"}')
    assert json.loads(done.stdout)["event"]["word"] == "ä" and not done.stdout.endswith(b"\n")
    assert done.stderr == b"    Invoking OK\n"
    assert echo.json("invoke", "~:echo", stdin=b'{"word": 1}')["event"]["word"] == 1
    failed = echo.run("fstn", "invoke", "~:echo", '{"word": "bad"}', code=1)
    assert json.loads(failed.stdout)["error"]["value"] == "a bad word" and b"the function failed" in failed.stderr
    assert "400 Bad Request" in echo.errors("invoke", "~:nothing", "{}", code=1)
    assert "400 Bad Request" in echo.errors("invoke", "~:echo", "no json", code=1)
    assert echo.run("fstn", "invoke", "~:echo", "{}", "--label", "x", code=2).stdout == b""
    logs = echo("logs", "~:echo").decode().splitlines()
    assert any(line.endswith(" seen ä") for line in logs) and any(line.endswith(" seen bad") for line in logs)
    assert json.loads(echo("logs", "~:echo", "--json").splitlines()[0])["stream"] == "stdout"


def test_an_asynchronous_call_is_fetched_later(echo):
    invocation = echo("invoke", "--async", "~:echo", '{"word": "later"}').decode().strip()
    assert json.loads(echo("result", invocation, "--wait"))["event"]["word"] == "later"
    assert "404" in echo.errors("result", "0" * 32, code=1)


def test_files_are_sent_along(echo):
    (echo.home / "note.txt").write_bytes(b"x" * 3_000_000)
    event = echo.json("invoke", "~:echo", "{}", "--blob", "note.txt")["event"]
    assert list(event["input-blobs"]) == ["note.txt"] and len(event["input-blob"]) == 64


def test_logs_are_followed(echo):
    follower = subprocess.Popen([echo.server.bin / "fstn", "logs", "-f", "~:echo"], env=echo.environment, stdout=subprocess.PIPE, text=True)
    try:
        echo("invoke", "~:echo", '{"word": "followed"}')
        assert any(line.endswith("seen followed\n") for line in iter(follower.stdout.readline, ""))
    finally:
        follower.kill()
        follower.wait()


def test_a_gate_is_registered_from_every_kind_of_package_and_replaced(echo):
    folder = echo.home / "kinds"
    folder.mkdir()
    with zipfile.ZipFile(folder / "f.zip", "w") as archive:
        archive.writestr("workload.py", "def handle(event, cloudcall):\n    return 'zip'\n")
    (folder / "single.py").write_text("def handle(event, cloudcall):\n    return 'single'\n")
    policy = "alice/k,alice/k"
    assert echo.json("register", "kinds/f.zip", policy, "~:kind") == DONE
    assert echo.json("invoke", "~:kind", "{}") == "zip"
    taken = echo.run("fstn", "register", "kinds/single.py", policy, "~:kind", code=1)
    assert json.loads(taken.stdout) == {"success": False, "error": "LinkExists"} and b"--replace" in taken.stderr
    assert echo.json("register", "kinds/single.py", policy, "~:kind", "--replace", "--event", "raw") == DONE
    assert echo.json("invoke", "~:kind", "{}") == "single"
    (folder / "nothing").mkdir()
    assert "has no `workload.py`" in echo.errors("register", "kinds/nothing", policy, "~:no", code=1)


def test_settings_of_a_gate_count(alice):
    alice.folder("settings", "def handle(event, cloudcall):\n    raise ValueError(str(sorted(event)))\n")
    alice("register", "settings", "alice/s,alice/s", "~:settings", "64", "python", "--event", "wrapped", "--errors", "500")
    failed = alice.run("fstn", "invoke", "~:settings", '{"a": 1}', code=1)
    assert b"500" in failed.stderr and json.loads(failed.stdout)["error"]["value"] == "['input']"


def test_files_directories_and_blobs(alice):
    fs = ("fs",)
    assert alice.json(*fs, "mkdir", "-l", "alice,alice", "~", "d") == DONE
    assert alice.json(*fs, "mkfile", "--label", "alice,alice", "~:d", "f") == DONE
    assert alice.json(*fs, "mkfaceted", "~:d", "facets") == DONE
    assert alice.json(*fs, "write", "~:d:f", stdin=b"\x00bytes") == DONE
    assert alice(*fs, "read", "~:d:f") == b"\x00bytes"
    assert alice.errors(*fs, "read", "~:d:none", code=1) == "Not found\n"
    assert alice.errors(*fs, "cat", "~:d:none", code=1) == "Not found\n"
    assert alice.errors(*fs, "read", "~:d", code=1) == "Not found (NotAFile)\n"
    for name in ("one", "two"):
        (alice.home / name).write_text(name)
    assert alice.json(*fs, "mkblob", "-l", "alice,alice", "~:d", "one", "two") == DONE
    assert alice(*fs, "cat", "~:d:two") == b"two"
    assert alice.json(*fs, "ls", "~:d")["value"] == {"f": 1, "facets": 2, "one": 5, "two": 5}
    assert alice(*fs, "ls", "-l", "~:d").decode().splitlines() == [
        "file       alice,alice  f", "faceted    -            facets",
        "blob       alice,alice  one", "blob       alice,alice  two",
    ]  # fmt: skip
    assert "alice" in alice("fs", "ls", "-l", "home").decode()
    (alice.home / "three").write_bytes(b"3")
    refused = alice.json(*fs, "mkblob", "-l", "alice,alice", "~:d", "one", "three", code=1)
    assert refused["error"] == "LinkExists" and "`one`: LinkExists." in refused["detail"]
    assert alice(*fs, "cat", "~:d:three") == b"3" and alice.json(*fs, "unlink", "~:d", "three") == DONE
    assert alice.json("list-faceted", "home")["success"]
    assert alice.json(*fs, "unlink", "~:d", "one") == DONE
    assert alice.json("list-dir", "~:d")["value"] == {"names": ["f", "facets", "two"]}
    assert alice.json("put-blob", "one", "~:d:two", "alice,alice", code=1)["error"] == "LinkExists"
    assert alice.json("put-blob", "one", "~:d:two", "alice,alice", "--replace") == DONE
    assert alice(*fs, "cat", "~:d:two") == b"one"


def test_gates_of_every_kind(echo):
    fs = ("fs", "mkgate", "-p", "alice/g", "-c", "alice/g")
    assert echo.json(*fs, "-m", "64", "-a", "@echo", "~", "direct") == DONE
    assert echo.json(*fs, "--gate", "~:direct", "~", "redirect") == DONE
    assert echo.json("invoke", "~:redirect", '{"word": "through"}')["event"]["word"] == "through"
    assert echo.json("fs", "upgate", "-m", "96", "--event", "raw", "~:direct") == DONE
    assert echo.json("fs", "upgate", "-m", "96", "~:redirect", code=1)["error"] == "Malformed"
    called = json.loads(echo("fs", "invoke", "~:direct", "key=value", stdin=b'{"word": "inside"}'))
    assert called["event"]["word"] == "inside"
    assert "failed with status" in echo.errors("fs", "invoke", "~:direct", stdin=b'{"word": "bad"}', code=1)


def test_services_are_made_from_json(alice):
    service = {"privilege": "alice", "clearance": "alice", "taint": "T,T", "url": "http://127.0.0.1:1/", "verb": "GET"}
    assert alice.json("fs", "mksvc", "~", "svc", stdin=json.dumps(service).encode()) == DONE
    assert alice.json("fs", "ls", "~")["value"]["svc"] == 4
    assert "must be JSON" in alice.errors("fs", "mksvc", "~", "svc2", stdin=b"no", code=1)


def test_others_see_what_they_may(alice, sign_in):
    bob = sign_in("bob")
    assert bob.json("fs", "mkfile", "-l", "bob,bob", "~", "secret") == DONE
    # That something was refused below bob's home is bob's secret; what is refused in public is told.
    assert "401" in alice.errors("fs", "mkfile", "-l", "T,T", "home:<bob,bob>", "x", code=1)
    assert alice.json("fs", "mkfile", "-l", "T,T", "home:<T,bob>", "x", code=1)["error"] == "Denied"
    assert "401" in alice.errors("fs", "ls", "home:<bob,bob>", code=1)
    assert "400" in alice.errors("fs", "-m", "bob", "ls", "~", code=1)
    assert "400" in alice.errors("fs", "-m", "nobody", "ls", "~", code=1)


def test_a_stranger_is_told_to_sign_in(alice, tmp_path):
    stranger = Command(alice.server, tmp_path, FSTN_USER="nobody")
    said = stranger.errors("whoami", code=1)
    assert "401" in said and "fstn login" in said
    (tmp_path / ".config/fstn").mkdir(parents=True)
    (tmp_path / ".config/fstn/credentials").write_text("a = 1\n")
    assert "credentials`, line 1: " in stranger.errors("whoami", code=1)


def test_without_any_setting_one_is_the_operator(alice, tmp_path):
    operator = Command(alice.server, tmp_path)
    del operator.environment["FSTN_SERVER"]
    done = operator.run("fstn", "whoami")
    assert json.loads(done.stdout) == {"login": "faasten"} and b"   Acting as faasten, the operator of " in done.stderr
    assert operator.json("fs", "mkfile", "-l", "faasten,faasten", "~", "note") == DONE
    assert b"Acting as" not in operator.run("fstn", "-u", "faasten", "whoami").stderr


def test_a_package_is_built(alice):
    folder = alice.home / alice.folder("built", "import helper\ndef handle(event, cloudcall):\n    return helper.NAME\n")
    (folder / "helper.py").write_text("NAME = 'helped'\n")
    (folder / "script.py").write_text("")
    (folder / "script.py").chmod(0o750)
    (folder / "link.py").symlink_to("helper.py")
    (folder / "package").mkdir()
    (folder / "package/native.cpython-313-x86_64-linux-gnu.so").write_bytes(b"\x7fELF")
    said = alice.errors("build", "built", "-o", "built.zip")
    assert "link.py` is a link" in said and "native" in said and "OK: built.zip with 4 files" in said
    assert "link.py" not in zipfile.ZipFile(alice.home / "built.zip").namelist()
    if shutil.which("mksquashfs") is None:
        assert "squashfs-tools" in alice.errors("build", "built", code=1)
        return
    alice("build", "built")
    assert (alice.home / "function.img").read_bytes()[:4] == b"hsqs"
    listed = subprocess.run(["unsquashfs", "-lln", "function.img"], cwd=alice.home, capture_output=True, text=True).stdout
    modes = {line.split()[-1]: line.split()[:2] for line in listed.splitlines() if "squashfs-root" in line}
    assert modes["squashfs-root"] == ["dr-xr-xr-x", "0/0"] and modes["squashfs-root/script.py"] == ["-rwxr-x---", "0/0"]
    assert alice.json("register", "function.img", "alice/b,alice/b", "~:built", "64", "python") == DONE
    assert alice.json("invoke", "~:built", "{}") == "helped"
    # Equal folders come to equal images, so that a blob of them is one.
    alice("build", "built", "-o", "again.img")
    assert (alice.home / "again.img").read_bytes() == (alice.home / "function.img").read_bytes()


def test_a_function_runs_without_a_server(alice, tmp_path):
    counter = """
def handle(event, cloudcall):
    print("at work")
    before = cloudcall.fs_read("~:count")
    if before is None:
        cloudcall.fs_createfile("~:count")
    cloudcall.fs_write("~:count", (before or b"") + b"x")
    if event == "bad":
        raise KeyError("bad")
    return {"count": len(before or b""), "event": event, "label": str(cloudcall.get_current_label())}
"""
    local = Command(alice.server, tmp_path)
    local.folder("counter", counter)
    done = local.run("fstn", "run-local", "counter", "--login", "carol", stdin=b'{"a": 1}\n\n[2]\n"bad"\n', code=1)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer.get("count") for answer in answers] == [0, 1, None] and answers[1]["event"] == [2]
    assert "KeyError" in answers[2]["error"]["type"] and done.stderr.count(b"at work") == 3


def test_requirements_are_packed_as_pip_has_them(alice, tmp_path):
    index = tmp_path / "index"
    index.mkdir()
    about = {"METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.2\nRequires-Dist: Pillow\n", "RECORD": ""}
    about["WHEEL"] = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(index / "tiny-1.2-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny.py", "number = 42\n")
        for name, text in about.items():
            wheel.writestr(f"tiny-1.2.dist-info/{name}", text)
    pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(index), "PIP_CONFIG_FILE": os.devnull}
    local = Command(alice.server, tmp_path, **pip)
    local.folder("needs", "import tiny\n\ndef handle(event, cloudcall):\n    return tiny.number\n")
    (tmp_path / "requirements.txt").write_text("tiny>=1\n")
    asked = ("--requirements", "requirements.txt")
    assert local.run("fstn", "run-local", "needs", *asked, stdin=b"{}\n").stdout == b"42\n"
    local.run("fstn", "build", "needs", "-o", "needs.zip", *asked)
    assert "package/tiny.py" in zipfile.ZipFile(tmp_path / "needs.zip").namelist()
    # An archive is taken as it is, or with what it lacks.
    for name in ("needs.zip", "bare.zip"):
        local.run("fstn", "build", "needs", "-o", "bare.zip")
        more = asked if name == "bare.zip" else ()
        assert local.run("fstn", "run-local", name, *more, stdin=b"{}\n").stdout == b"42\n"
    (tmp_path / "requirements.txt").write_text("unheard-of\n")
    assert b"unheard-of" in local.run("fstn", "build", "needs", *asked, code=1).stderr
    assert b"requirements.no" in local.run("fstn", "run-local", "needs", "--requirements", "requirements.no", code=1).stderr


def test_labels_are_explained_without_a_server(tmp_path, alice):
    no = alice.run("swiftlet", "labels", "explain", "alice,T", "T,T", "--privilege", "bob").stdout.decode()
    assert no.startswith("No: data may not flow") and "It may flow by a holder of alice&bob." in no
    yes = json.loads(alice.run("swiftlet", "labels", "explain", "alice,T", "T,T", "-p", "alice", "--json").stdout)
    assert yes["flows"] and not yes["flows_without_privilege"]
    assert alice.run("swiftlet", "labels", "parse", "a&a/x,T").stdout == b"a,T\n"
    assert b"position" in alice.run("swiftlet", "labels", "parse", "a,T junk", code=1).stderr


def test_the_operator_looks_after_the_file_system(alice, tmp_path):
    def swiftlet(*words: str, code: int = 0) -> bytes:
        return alice.run("swiftlet", *words, code=code).stdout

    names = json.loads(swiftlet("faasten", "init"))["value"]["names"]
    assert {"fsutil", "public_key", "python"} <= set(names)
    assert json.loads(swiftlet("faasten", "mkdir", "home:<T,faasten>:shared", "T,faasten")) == DONE
    (tmp_path / "data").write_text("operator's")
    assert json.loads(swiftlet("faasten", "create-blob", str(tmp_path / "data"), "home:<T,faasten>:shared:b", "T,faasten")) == DONE
    assert json.loads(swiftlet("faasten", "list", "home:<T,faasten>:shared"))["value"]["names"] == ["b"]
    assert json.loads(swiftlet("faasten", "faceted-list", "home"))["value"]["facets"]
    assert swiftlet("faasten", "read", "home:<T,faasten>:public_key").startswith(b"-----BEGIN PUBLIC KEY-----")
    assert json.loads(swiftlet("faasten", "delete", "home:<T,faasten>:shared")) == DONE
    assert swiftlet("faasten", "gc").startswith(b"Removed ")
    token = (alice.home / ".config/fstn/credentials").read_text().split('default = "')[1].split('"')[0]
    headers = {"Authorization": f"Bearer {token}"}
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(urllib.request.Request(alice.server.url + "/faasten/check", headers=headers))
    for nothing in ("gen-keypair", "update-python", "update-fsutil"):
        assert alice.run("swiftlet", "faasten", nothing, "x").stderr.strip()
    alice("fs", "mkfile", "-l", "T,T", "home:<T,faasten>", "mine", code=1)
    assert b"reason" in swiftlet("fs", "denials")
    token = swiftlet("faasten", "mint", "zoe/app").decode().strip()
    request = urllib.request.Request(alice.server.url + "/me", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        assert json.load(answer) == {"login": "zoe/app"}


def test_the_file_system_is_checked(own_server, tmp_path):
    operator = Command(with_fstn(own_server), tmp_path)
    (tmp_path / "blob").write_text("a blob")
    operator("put-blob", "blob", "~:blob", "faasten,faasten")
    assert operator.run("swiftlet", "fs", "fsck").stdout.endswith(b": nothing is wrong\n")
    data = str(own_server.data)
    assert b"in use" in operator.run("swiftlet", "fs", "fsck", "--data", data, code=1).stderr
    blobs = [path for path in (own_server.data / "blobs").glob("??/*") if path.read_bytes() == b"a blob"]
    assert len(blobs) == 1
    assert own_server.stop() == 0
    assert operator.run("swiftlet", "fs", "fsck", "--data", data).stdout.endswith(b": nothing is wrong\n")
    blobs[0].chmod(0o600)
    blobs[0].write_text("A blob")
    report = json.loads(operator.run("swiftlet", "fs", "fsck", "--data", data, "--json", code=1).stdout)
    assert [finding["problem"] for finding in report["findings"]] == ["a blob has other bytes than its name says"]
    assert b"no data folder" in operator.run("swiftlet", "fs", "fsck", "--data", str(tmp_path / "none"), code=1).stderr
