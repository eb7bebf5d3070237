"""Functions on a real server."""

import io
import os

import pytest

from faaspot import Faaspot, FaaspotClientError, FaaspotException

ECHO = "def main(args, context):\n    return args\n"


def test_a_function_is_listed_and_shown_with_its_code(faaspot, deploy, capsys):
    code = ECHO + "# ü % + \\\n"
    deploy("shown", code)
    assert "shown" in [each["name"] for each in faaspot.functions.list()]
    function = faaspot.functions.get("shown", pretty_print=True)
    assert function["code"] == code
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "name           | shown"
    assert lines[lines.index("code:") + 1] == "def main(args, context):"


@pytest.mark.parametrize("name", ["plain", "dotted.py"])
def test_both_styles_of_names_work(faaspot, deploy, name):
    deploy(name, ECHO)
    assert faaspot.functions.run(name, {"a": "1"}, wait=True) == {"a": "1"}
    assert faaspot.functions.delete(name, wait=True) == f"Function `{name}` deleted"


@pytest.mark.parametrize("arguments", [
    {"text": "ü &=?/%"}, {"number": 1, "list": [None, 2.5], "dict": {"a": "b"}}, {"long": "x" * 10000}, {}])
def test_arguments_keep_their_types(faaspot, deploy, arguments):
    deploy("echo", ECHO)
    assert faaspot.functions.run("echo", arguments, wait=True) == arguments
    assert faaspot.executions.get(faaspot.functions.run("echo", arguments), wait=True) == arguments


def test_arguments_as_words_of_the_command_line(faaspot, deploy):
    deploy("echo", ECHO)
    assert faaspot.functions.run("echo", [["k=v"], ["l=w"]], wait=True) == {"k": "v", "l": "w"}


@pytest.mark.parametrize("file", [io.StringIO(ECHO), io.BytesIO(ECHO.encode())])
def test_open_files_are_read(faaspot, file):
    assert faaspot.functions.create("opened", file, wait=True) == "Function `opened` created"
    assert faaspot.functions.delete("opened", wait=True) == "Function `opened` deleted"


def test_an_update_changes_what_is_given(faaspot, deploy):
    deploy("changing", ECHO)
    assert list(faaspot.functions.update("changing", io.StringIO("def main(args, context):\n    return 2\n"))) == ["uuid"]
    assert faaspot.functions.run("changing", wait=True) == 2
    faaspot.functions.update("changing", file_obj=io.StringIO("def main(args, context):\n    return 3\n"), wait=True)
    assert faaspot.functions.run("changing", wait=True) == 3
    assert faaspot.functions.update("changing", new_name="changed", wait=True) == "Function `changed` updated"
    assert faaspot.functions.run("changed", wait=True) == 3
    faaspot.functions.delete("changed")


def test_an_update_of_nothing_is_refused_here(faaspot):
    with pytest.raises(FaaspotException, match=r"^No action requested\.$"):
        faaspot.functions.update("changing")


def test_a_file_that_is_missing_or_no_text_is_refused_here(faaspot, tmp_path):
    with pytest.raises(FaaspotException, match="No such file"):
        faaspot.functions.create("x", tmp_path / "missing.py")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(FaaspotException, match="is not text in UTF-8"):
        faaspot.functions.create("x", str(tmp_path / "binary"))


def test_limits_are_sent(faaspot, deploy):
    deploy("limited", "def main(args, context):\n    while True:\n        pass\n", limits={"wallTimeMilliseconds": 300})
    with pytest.raises(FaaspotClientError) as caught:
        faaspot.functions.run("limited", wait=True)
    assert caught.value.status_code in (500, 504)


def test_a_broken_function_is_refused_with_its_traceback(faaspot):
    with pytest.raises(FaaspotClientError) as caught:
        faaspot.functions.create("broken", io.StringIO("def main(args, context)\n"))
    assert caught.value.status_code == 400 and "SyntaxError" in str(caught.value)


def test_a_function_that_raises_is_raised_here(faaspot, deploy):
    deploy("raising", "def main(args, context):\n    raise ValueError('no')\n")
    with pytest.raises(FaaspotClientError) as caught:
        faaspot.functions.run("raising", wait=True)
    error = caught.value
    assert (error.status_code, error.error_code, error.message) == (500, "execution_failed", "ValueError: no")
    assert "raise ValueError('no')" in error.server_traceback


def test_an_application_has_functions_of_its_own(server):
    with Faaspot.from_url(server.url, token=server.token, application="team") as client:
        client.functions.create("mine", io.StringIO(ECHO), wait=True)
        assert client.functions.run("mine", {"a": "b"}, wait=True) == {"a": "b"}
        assert [each["name"] for each in client.functions.list()] == ["mine"]
        assert client.spots.list()
        assert client.executions.list(True, "mine")
    with Faaspot.from_url(server.url, token=server.token) as client:
        assert client.executions.list(True, "mine") == []
        assert "mine" not in [each["name"] for each in client.functions.list()]


def test_samples_are_written_over_nothing(faaspot, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert faaspot.functions.samples(hello_world=True) == "Sample file `hello-world.py` been created."
    assert faaspot.functions.samples(True, True, True).splitlines() == [
        "File with name `hello-world.py` already exists.", "Sample file `get-content.py` been created.",
        "Sample file `sleep.py` been created."]
    assert sorted(each for each in os.listdir(tmp_path) if each.endswith(".py")) == ["get-content.py", "hello-world.py", "sleep.py"]
    with pytest.raises(FaaspotException, match=r"^No action requested\.$"):
        faaspot.functions.samples()


@pytest.mark.parametrize("name, arguments, expected", [
    ("hello-world.py", {"name": "you"}, "Hello you"), ("sleep.py", {"sec": "0"}, "Slept 0 seconds")])
def test_samples_run(faaspot, tmp_path, monkeypatch, name, arguments, expected):
    monkeypatch.chdir(tmp_path)
    faaspot.functions.samples(hello_world=True, sleep=True)
    faaspot.functions.create(name, name, wait=True)
    assert faaspot.functions.run(name, arguments, wait=True) == expected
    faaspot.functions.delete(name)
