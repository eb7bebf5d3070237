"""A server on this machine is found without set-up, and trusted only when it is this user's."""

import json

import pytest

from faaspot._connection import active
from fas.commands.profiles import Profiles


@pytest.fixture
def announce(tmp_path, monkeypatch):
    """Announces a server as it does itself; returns its data folder."""
    data, runtime = tmp_path / "data", tmp_path / "runtime/swiftlet"
    data.mkdir()
    runtime.mkdir(parents=True)
    (data / "admin.token").write_text("its-token\n")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime.parent))

    def write(url="http://127.0.0.1:4321", mode=0o600, folder=runtime):
        file = folder / "server.json"
        file.write_text(json.dumps({"url": url, "data": str(data)}))
        file.chmod(mode)
        return data

    return write


def test_without_profiles_it_is_the_announced_server_with_its_token(announce):
    announce()
    assert (active().url, active().authorization) == ("http://127.0.0.1:4321", "Token its-token")


def test_without_an_announcement_it_is_the_usual_address_and_the_usual_token(tmp_path, monkeypatch):
    assert (active().url, active().authorization) == ("http://127.0.0.1:8080", None)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    (tmp_path / "share/swiftlet").mkdir(parents=True)
    (tmp_path / "share/swiftlet/admin.token").write_text("usual")
    assert active().authorization == "Token usual"


def test_swiftlet_data_names_the_server(announce, tmp_path, monkeypatch):
    announce()
    data = announce("http://127.0.0.1:9999", folder=tmp_path / "data")
    monkeypatch.setenv("SWIFTLET_DATA", str(data))
    assert active().url == "http://127.0.0.1:9999"


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_an_announcement_that_others_could_have_written_does_not_count(announce, mode):
    announce(mode=mode)
    assert active().url == "http://127.0.0.1:8080"


def test_an_announcement_behind_a_link_does_not_count(announce, tmp_path):
    announce()
    file = tmp_path / "runtime/swiftlet/server.json"
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert active().url == "http://127.0.0.1:8080"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"url": 1, "data": "x"}'])
def test_a_broken_announcement_does_not_count(announce, tmp_path, text):
    announce()
    (tmp_path / "runtime/swiftlet/server.json").write_text(text)
    assert active().url == "http://127.0.0.1:8080"


def test_the_token_goes_to_that_server_only(announce):
    announce()
    Profiles().create("here", application="APP")
    connection = active()
    assert (connection.url, connection.authorization, connection.application) == (
        "http://127.0.0.1:4321", "Token its-token", "APP")
    Profiles().update("here", host="example.org", port=4321)
    assert active().authorization is None
    Profiles().update("here", host="localhost", port=1)
    assert active().authorization is None
    Profiles().update("here", host="localhost", port=4321)
    assert (active().url, active().authorization) == ("http://localhost:4321", "Token its-token")
