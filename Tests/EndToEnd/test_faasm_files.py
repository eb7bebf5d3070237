"""Shared files, `faasm://PATH`: uploaded, read and written by Python and by modules, of one tenant only, over the real program."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

COMPILED = Path(__file__).resolve().parents[2] / ".deps/faasm"


@pytest.fixture(scope="module")
def faasm(launch):
    return launch("--faasm-upload", "off").faasm()


def put(faasm, path: str, content: bytes, user: str = "python"):
    return faasm.request("PUT", f"/faasm/upload/file?user={user}", content, FilePath=path)


def get(faasm, path: str, user: str = "python"):
    return faasm.request("GET", f"/faasm/upload/file?user={user}", FilePath=path)


READER = """
    import json, os
    from pyfaasm.core import *
    def faasm_main():
        path = "faasm://" + read_input().decode()
        try:
            with open(path, "rb") as file:
                write_output(file.read())
        except OSError as error:
            write_output(type(error).__name__.encode())
            return 1
"""


def test_what_is_uploaded_is_read_by_the_next_call(faasm) -> None:
    faasm.upload("reader", READER)
    # More than one piece, and bytes of any value.
    content = bytes(range(256)) * 20_000 + b"end"
    assert put(faasm, "data/model.bin", b"first").status == 200
    assert faasm.call("reader", b"data/model.bin").body == b"first"
    answer = put(faasm, "data/model.bin", content)
    assert (answer.status, answer.body) == (200, b"")
    assert faasm.call("reader", b"data/model.bin").body == content
    assert get(faasm, "data/model.bin").body == content
    assert get(faasm, "data").body == b"IS_DIR"
    assert faasm.request("DELETE", "/faasm/upload/file", FilePath="data/model.bin").status == 204
    assert get(faasm, "data/model.bin").status == 404 and get(faasm, "data").status == 404
    assert faasm.request("DELETE", "/faasm/upload/file", FilePath="data/model.bin").status == 404
    assert faasm.call("reader", b"data/model.bin").body == b"FileNotFoundError"


def test_python_uses_them_like_files(faasm) -> None:
    faasm.upload(
        "files",
        """
        import json, os, shutil
        from pathlib import Path
        from pyfaasm.core import *

        def child(data):
            with open("faasm://work/answer", "w") as file:
                file.write(data.decode() + "!")

        def faasm_main():
            found = []
            os.makedirs("faasm://work", exist_ok=True)
            with open("faasm://work/text", "w") as file:
                file.write("one\\n")
                found.append(os.path.exists("faasm://work/text"))
            with open("faasm://work/text", "a") as file:
                file.write("two\\n")
            found.append(open("faasm://work/text").read())
            found.append(await_call(chain(child, b"from a call")))
            found.append(open("faasm://work/answer").read())
            found.append(sorted(os.listdir("faasm://work")))
            found.append([os.path.isdir("faasm://work"), os.path.getsize("faasm://work/text")])
            os.rename("faasm://work/text", "faasm://other/text")
            os.remove("faasm://work/answer")
            os.rmdir("faasm://work")
            found.append([os.path.exists("faasm://work"), sorted(os.listdir("faasm://other"))])
            shutil.copy("faasm://other/text", "/tmp/text")
            found.append(open("/tmp/text").read())
            with open("faasm://other/text", "r+b") as file:
                file.seek(4)
                file.write(b"TWO")
            found.append(open("faasm://other/text").read())
            write_output(json.dumps(found).encode())
        """,
    )
    answer = faasm.call("files")
    assert answer.status == 200, answer.body
    assert json.loads(answer.body) == [
        False, "one\ntwo\n", 0, "from a call!", ["answer", "text"], [True, 8], [False, ["text"]], "one\ntwo\n", "one\nTWO\n",
    ]  # fmt: skip
    assert get(faasm, "other/text").body == b"one\nTWO\n"


def test_a_module_uses_them_like_files(faasm) -> None:
    module = (COMPILED / "shared.wasm").read_bytes()
    assert faasm.request("PUT", "/faasm/upload/f/c/shared", module).status == 200
    given = bytes(range(256)) * 5000
    assert put(faasm, "in/given", given, "c").status == 200
    answer = faasm.call("shared", user="c")
    assert (answer.status, answer.headers["X-Faasm-Return-Code"]) == (200, "0"), answer.body
    assert answer.body == given
    assert get(faasm, "out/moved", "c").body == b"from C!"
    assert get(faasm, "out/left", "c").body == b""


def test_what_is_left_open_is_written_at_the_end_and_is_no_failure(faasm) -> None:
    faasm.upload(
        "leaves",
        """
        kept = []
        def faasm_main():
            kept.append(open("faasm://left-open", "wb", buffering=0))
            kept[0].write(b"written")
            kept.append(open("/tmp/other", "w"))
        """,
    )
    assert faasm.code("leaves") == 0
    assert get(faasm, "left-open").body == b"written"


def test_a_tenant_sees_its_own_files_only(faasm) -> None:
    put(faasm, "mine", b"secret of alice", "alice")
    for user in ("bob", "alic", "alice.x"):
        faasm.upload("reader", READER, user=user)
        answers = [faasm.call("reader", path, user=user) for path in (b"mine", b"../alice/mine", b"alice/mine")]
        assert all(answer.status == 500 and b"secret" not in answer.body for answer in answers)
        assert get(faasm, "mine", user).status == 404
    body = {"name": "of-bob", "scopes": ["run", "deploy", "read"], "functions": ["bob/*"]}
    token = faasm.server.request("PUT", "/v1/tokens/", body).json["token"]
    answer = faasm.request("GET", "/faasm/upload/file?user=alice", FilePath="mine", Authorization=f"Bearer {token}")
    assert answer.status == 403 and b"secret" not in answer.body


@pytest.mark.parametrize("path", ["../up", "/absolute", "a//b", "a/../../b", ".", "a/", pytest.param("x" * 2000, id="long")])
def test_paths_that_lead_elsewhere_are_refused(faasm, path: str) -> None:
    assert put(faasm, path, b"x").status == 400
    assert get(faasm, path).status == 400
    faasm.upload("reader", READER)
    answer = faasm.call("reader", path.encode())
    assert answer.status == 500 and answer.body in (b"OSError", b"FileNotFoundError", b"IsADirectoryError"), answer.body


def test_a_file_is_no_folder(faasm) -> None:
    assert put(faasm, "thing", b"x").status == 200
    assert put(faasm, "thing/inside", b"x").status == 409
    assert put(faasm, "folder/inside", b"x").status == 200
    assert put(faasm, "folder", b"x").status == 409


def test_who_has_a_file_open_goes_on_reading_what_it_was(faasm) -> None:
    old, new = b"a" * (3 << 20), b"b" * (3 << 20)
    put(faasm, "replaced", old)
    faasm.upload(
        "slow_reader",
        """
        from pyfaasm.core import *
        def replace(data):
            with open("faasm://replaced", "wb") as file:
                file.write(b"b" * (3 << 20))
        def faasm_main():
            with open("faasm://replaced", "rb", buffering=0) as file:
                first = file.read(10)
                await_call(chain(replace))
                rest = b"".join(iter(lambda: file.read(1 << 20), b""))
            write_output(first + rest)
        """,
    )
    assert faasm.call("slow_reader").body == old
    assert get(faasm, "replaced").body == new


def test_they_survive_a_crash_and_the_commands_know_them(own_server, tmp_path: Path) -> None:
    (tmp_path / "here").write_bytes(b"kept \0")

    def swiftlet(*words: str) -> int:
        return subprocess.run(
            [own_server.bin / "swiftlet", "faasm", *words], env=own_server.environment, cwd=tmp_path, timeout=60
        ).returncode

    assert swiftlet("wait", *own_server.url.removeprefix("http://").split(":")) == 0
    assert swiftlet("upload.file", "here", "in/kept") == 0
    own_server.kill()
    own_server.start()
    assert get(own_server.faasm(), "in/kept").body == b"kept \0"
    assert swiftlet("download.file", "in/kept", "back") == 0 and (tmp_path / "back").read_bytes() == b"kept \0"
    assert swiftlet("files.delete", "in/kept") == 0 and swiftlet("download.file", "in/kept", "gone") != 0


def test_a_function_opens_its_own_source_and_nobody_elses(faasm) -> None:
    source = '''
import inspect, os, pathlib
from pyfaasm.core import write_output

AT_IMPORT = open(__file__).read()

def faasm_main():
    assert open(__file__).read() == AT_IMPORT == inspect.getsource(inspect.getmodule(faasm_main))
    assert os.listdir("/pyfuncs") == ["python"] and os.listdir("/pyfuncs/python") == ["reads_itself"]
    try:
        open(__file__, "w")
    except OSError as error:
        write_output(f"{error.errno} {__file__}".encode())
'''
    faasm.upload("reads_itself", source)
    assert faasm.call("reads_itself").body == b"69 /pyfuncs/python/reads_itself/function.py"
    assert get(faasm, "pyfuncs/python/reads_itself/function.py").body.decode() == source


def test_links_of_an_import_are_there_in_each_call(faasm) -> None:
    faasm.upload(
        "links",
        '''
        import os, pathlib
        from pyfaasm.core import write_output

        os.mkdir("/tmp/folder")
        pathlib.Path("/tmp/folder/file").write_text("text")
        os.symlink("folder", "/tmp/link")
        os.symlink("nowhere", "/tmp/dangling")

        def faasm_main():
            os.link("/tmp/folder/file", "/tmp/other")
            os.utime("/tmp/other", (5, 5))
            assert os.readlink("/tmp/dangling") == "nowhere" and os.stat("/tmp/link/file").st_mtime == 5
            write_output(pathlib.Path("/tmp/link/file").read_bytes())
        ''',
    )
    for _ in range(2):
        assert faasm.call("links").body == b"text"


def test_names_of_any_language(faasm) -> None:
    faasm.upload("reader", READER)
    faasm.upload(
        "writer",
        """
        from pyfaasm.core import *
        def faasm_main():
            with open("faasm://größe/日本", "w") as file: file.write("da")
        """,
    )
    assert faasm.code("writer") == 0
    assert faasm.call("reader", "größe/日本".encode()).body == b"da"
