"""Packages and requirements, over the real program and the real pip, without a network."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

MAIN = """
import json
from pathlib import Path
from helpers import shout

def main(args, context):
    import greetings
    data = json.loads((Path(__file__).parent / "data" / "names.json").read_text())
    return [shout(greetings.hello(name)) for name in data]
"""
FILES = {
    "main.py": MAIN,
    "helpers.py": "def shout(text):\n    return text.upper()\n",
    "package/greetings/__init__.py": "def hello(name):\n    return 'hello ' + name\n",
    "data/names.json": '["ann", "bob"]',
}
EXPECTED = ["HELLO ANN", "HELLO BOB"]


def zipped(files: dict[str, str]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in files.items():
            target.writestr(name, text)
    return archive.getvalue()


def tarred(files: dict[str, str]) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as target:
        for name, text in files.items():
            entry = tarfile.TarInfo(f"./{name}")
            entry.size = len(text.encode())
            target.addfile(entry, io.BytesIO(text.encode()))
    return archive.getvalue()


def body(name: str, archive: bytes, **more: str) -> dict[str, str]:
    return {"name": name, "package": base64.b64encode(archive).decode(), **more}


def make_wheel(
    folder: Path, name: str, version: str, files: dict[str, str], requires: list[str] | None = None, tag: str = "py3-none-any"
) -> Path:
    """A wheel, made by hand: a zip archive with three files about itself."""
    about = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += "".join(f"Requires-Dist: {each}\n" for each in requires or [])
    wheel = f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n"
    path = folder / f"{name}-{version}-{tag}.whl"
    path.write_bytes(zipped({**files, f"{about}/METADATA": metadata, f"{about}/WHEEL": wheel, f"{about}/RECORD": ""}))
    return path


@pytest.fixture
def server_with_index(start_server: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A server whose pip finds only the wheels in the folder that comes with it."""
    index = tmp_path / "index"
    index.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return start_server("--workers", "1", "--threads", "2"), index


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_package_is_deployed_and_called(server, pack):
    name = f"package-{pack.__name__}"
    answer = server.request("PUT", "/v1/functions/", body(name, pack(FILES)))
    assert answer.status == 200, answer.body
    assert server.call(name).json == EXPECTED
    shown = server.request("GET", f"/v1/functions/{name}").json
    assert len(shown["package"]) == 64 and "helpers" in shown["code"] and "locked" not in shown


def test_equal_trees_are_one_package_whatever_they_came_in(server):
    for name, pack in (("same-1", zipped), ("same-2", tarred)):
        assert server.request("PUT", "/v1/functions/", body(name, pack(FILES))).status == 200
    hashes = {server.request("GET", f"/v1/functions/{name}").json["package"] for name in ("same-1", "same-2")}
    assert len(hashes) == 1
    stored = server.data / "packages" / f"{hashes.pop()}.package"
    assert hashlib.sha256(stored.read_bytes()).hexdigest() == stored.stem


def test_the_command_takes_a_folder_and_an_archive(server, tmp_path):
    folder = tmp_path / "program"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "main.pyc").write_bytes(b"no")
    done = server.fas("functions", "create", "from-folder", "--file", str(folder), "--wait")
    assert done.returncode == 0, done.stdout + done.stderr
    assert server.call("from-folder").json == EXPECTED
    archive = tmp_path / "program.zip"
    archive.write_bytes(zipped({**FILES, "data/names.json": '["eve"]'}))
    done = server.fas("functions", "update", "from-folder", "--file", str(archive), "--wait")
    assert done.returncode == 0, done.stdout + done.stderr
    assert server.call("from-folder").json == ["HELLO EVE"]
    (folder / "link").symlink_to("/etc/passwd")
    refused = server.fas("functions", "update", "from-folder", "--file", str(folder))
    assert refused.returncode != 0 and "link" in refused.stderr + refused.stdout


@pytest.mark.parametrize(
    ("archive", "words"),
    [
        (zipped({"../main.py": "x"}), "`../main.py` is refused"),
        (zipped({"other.py": "x"}), "no `main.py`"),
        (b"nothing", "no archive that is known"),
        (zipped({"main.py": "def main(a, c): pass", "zeros": "0" * (20 << 20)}), "maximumRatio"),
        (zipped({"main.py": "def main(a, c): pass", **{f"f/{n}": "" for n in range(20_001)}}), "maximumEntries"),
    ],
    ids=["outside", "no-entry", "no-archive", "bomb", "many"],
)
def test_what_is_no_package_is_refused_with_a_sentence(server, archive, words):
    answer = server.request("PUT", "/v1/functions/", body("hostile", archive))
    assert answer.status in (400, 413) and words in answer.json["message"], answer.body
    assert server.request("GET", "/v1/functions/hostile").status == 404


def test_a_function_sees_no_other_functions_files(server):
    look = "import os\ndef main(args, context):\n    return sorted(os.listdir('/function'))\n"
    for name in ("sees-1", "sees-2"):
        files = {"main.py": look, f"secret-of-{name}": "x"}
        assert server.request("PUT", "/v1/functions/", body(name, zipped(files))).status == 200
    assert server.call("sees-1").json == ["main.py", "secret-of-sees-1"]
    assert server.call("sees-2").json == ["main.py", "secret-of-sees-2"]


def test_requirements_become_wheels_that_are_locked(server_with_index):
    server, index = server_with_index
    wheel = make_wheel(index, "tiny", "1.2", {"tiny.py": "import tinier\nnumber = tinier.number + 1\n"}, requires=["tinier>=1", "Pillow"])
    make_wheel(index, "tinier", "1.0", {"tinier.py": "number = 41\n"})
    code = "import tiny\ndef main(args, context):\n    from PIL import Image\n    return tiny.number\n"
    request = {"name": "requires", "code": code, "requirements": "tiny>=1.2\nPillow\n"}
    answer = server.request("PUT", "/v1/functions/", request)
    assert answer.status == 200, answer.body
    assert server.call("requires").json == 42
    locked = server.request("GET", "/v1/functions/requires").json["locked"]
    assert [(each["name"], each["version"]) for each in locked] == [("tinier", "1.0"), ("tiny", "1.2")]
    assert locked[1]["sha256"] == hashlib.sha256(wheel.read_bytes()).hexdigest()
    # Offline from here on: equal requirements are found again.
    for file in index.iterdir():
        file.unlink()
    again = server.request("PUT", "/v1/functions/", {**request, "name": "again"})
    assert again.status == 200 and server.call("again").json == 42
    # A package of the user's own has a file of requirements.
    files = {"main.py": code, "requirements.txt": "tiny>=1.2\nPillow\n"}
    assert server.request("PUT", "/v1/functions/", body("own", zipped(files))).status == 200
    assert server.call("own").json == 42
    server.kill()
    server.start()
    assert server.call("own").json == 42 and server.call("requires").json == 42


@pytest.mark.parametrize(
    ("requirements", "words"),
    [
        ("native-only\n", ["`native-only`", "no pure-Python wheel", "pillow"]),
        ("built-from-source==1.0\n", ["`built-from-source`"]),
        ("no-such-thing\n", ["`no-such-thing`"]),
        ("-r /etc/passwd\n", ["Line 1"]),
        ("tiny @ file:///etc/passwd\n", ["Line 1"]),
    ],
)
def test_what_cannot_be_had_is_refused_by_name_and_nothing_is_run(server_with_index, tmp_path, requirements, words):
    server, index = server_with_index
    make_wheel(index, "native_only", "1.0", {"native.so": ""}, tag="cp313-cp313-manylinux_2_17_x86_64")
    proof = tmp_path / "was-run"
    with tarfile.open(index / "built-from-source-1.0.tar.gz", "w:gz") as source:
        setup = f"open({str(proof)!r}, 'w')\nfrom setuptools import setup\nsetup(name='built-from-source', version='1.0')\n".encode()
        entry = tarfile.TarInfo("built-from-source-1.0/setup.py")
        entry.size = len(setup)
        source.addfile(entry, io.BytesIO(setup))
    answer = server.request("PUT", "/v1/functions/", {"name": "f", "code": "def main(a, c): pass", "requirements": requirements})
    assert answer.status == 400, answer.body
    assert all(word in answer.json["message"] for word in words), answer.json["message"]
    assert not proof.exists()
    assert server.request("GET", "/v1/functions/f").status == 404


def test_without_installing_only_what_is_built_in_may_be_named(start_server):
    server = start_server("--workers", "1", "--install-requirements", "false")
    code = "def main(args, context): return 1"
    refused = server.request("PUT", "/v1/functions/", {"name": "f", "code": code, "requirements": "tiny"})
    assert refused.status == 400 and "not in the sandbox" in refused.json["message"]
    assert server.request("PUT", "/v1/functions/", {"name": "f", "code": code, "requirements": "Pillow>=9"}).status == 200


def test_a_lost_package_is_named_and_a_new_deploy_heals_it(own_server):
    server = own_server
    assert server.request("PUT", "/v1/functions/", body("lost", zipped(FILES))).status == 200
    server.kill()
    for file in (server.data / "packages").glob("*.package"):
        file.write_bytes(b"damage")
    server.start()
    answer = server.call("lost")
    assert answer.status == 503 and "deploy the function again" in answer.json["message"]
    change = {"package": body("", zipped(FILES))["package"]}
    assert server.request("PATCH", "/v1/functions/lost", change).status == 200
    assert server.call("lost").json == EXPECTED


def test_packages_of_all_functions_and_of_one_for_users_of_faasm(server_with_index, tmp_path):
    server, index = server_with_index
    wheel = make_wheel(index, "tiny", "1.2", {"tiny.py": "number = 42\n"})
    make_wheel(index, "other", "2.0", {"other.py": "number = 7\n"})

    def swiftlet(*words: str):
        command = [server.bin / "swiftlet", "faasm", *words]
        return subprocess.run(command, env=server.environment, cwd=tmp_path, capture_output=True, text=True, timeout=120)

    faasm = server.faasm()
    source = "import tiny\nfrom pyfaasm.core import write_output\ndef faasm_main(): write_output(str(tiny.number).encode())\n"
    before = faasm.request("PUT", "/faasm/upload/p/python/needs", source.encode())
    assert before.status == 400 and b"No module named 'tiny'" in before.body
    done = swiftlet("python.set-up-package", "tiny")
    assert done.returncode == 0, done.stderr
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() in done.stdout
    faasm.upload("needs", source)
    assert faasm.call("needs").body == b"42"
    assert swiftlet("python.packages").stdout == "tiny\n"
    missing = swiftlet("python.set-up-package", "no-such-thing")
    assert missing.returncode != 0 and "no-such-thing" in missing.stderr
    # It is the operator's to decide.
    assert faasm.request("PUT", "/faasm/packages", b"other").status == 403
    assert swiftlet("python.remove-package", "tiny").returncode == 0 and swiftlet("python.packages").stdout == "\n"

    folder = tmp_path / "func/python"
    folder.mkdir(parents=True)
    (folder / "own.py").write_text(source.replace("tiny", "other"))
    (tmp_path / "requirements.txt").write_text("other==2.0\n")
    done = swiftlet("func.uploadpy", "own", "--requirements", "requirements.txt")
    assert done.returncode == 0, done.stderr
    assert faasm.call("own").body == b"7"
    # The next upload of the file alone keeps them.
    (folder / "own.py").write_text(source.replace("tiny", "other") + "# more\n")
    assert swiftlet("func.uploadpy", "own").returncode == 0 and faasm.call("own").body == b"7"
