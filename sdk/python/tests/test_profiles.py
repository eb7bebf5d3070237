"""Profiles: the file, the methods, and where a client goes."""

import os
import stat

import pytest
import yaml

from faaspot import Faaspot, FaaspotException
from faaspot._connection import active
from fas.commands.profiles import Profiles


@pytest.fixture
def file(surroundings):
    return surroundings / "fasconf.yaml"


def read(file):
    return yaml.safe_load(file.read_text())["faaspot"]


def test_the_first_use_makes_an_empty_file_that_only_its_owner_may_read(file):
    assert Profiles().list() == []
    assert read(file) == {"profile": "", "profiles": {}}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_read_only_home_is_no_reason_to_fail(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FAASPOT_DIR", str(tmp_path / "file" / "below"))
    assert Profiles().list() == []


def test_the_file_name_can_be_another(surroundings, monkeypatch):
    monkeypatch.setenv("FAASPOT_CONFIG", "other.yaml")
    Profiles().create("a", token="t")
    assert (surroundings / "other.yaml").exists()


def test_the_life_of_a_profile(file):
    profiles = Profiles()
    assert profiles.create(token="0123", host="h", port=8080, protocol="http") == "Profile created: default"
    assert profiles.create("second", username="u", password="p") == "Profile created: second"
    assert profiles.current() == {"default": {"host": "h", "port": 8080, "protocol": "http", "token": "0123"}}
    assert profiles.use("second") == "Current profile: second"
    assert list(profiles.current()) == ["second"]
    assert profiles.update("second", host="g", certificate="c.pem") == "Profile `second` updated successfully"
    assert profiles.get("second") == {"second": {"host": "g", "username": "u", "password": "p", "ssl_certificate": "c.pem"}}
    assert profiles.list() == [
        {"name": "default", "active": False, "config": {"host": "h", "port": 8080, "protocol": "http", "token": "***"}},
        {"name": "second", "active": True,
         "config": {"host": "g", "username": "u", "password": "***", "ssl_certificate": "c.pem"}}]
    assert profiles.list(all=True)[0]["config"]["token"] == "0123"
    assert profiles.delete("second") == "Profile `second` deleted"
    assert read(file) == {"profile": "", "profiles": {"default": {"host": "h", "port": 8080, "protocol": "http", "token": "0123"}}}
    with pytest.raises(FaaspotException, match="^Missing profile. Please use `fas profiles -h` command$"):
        profiles.current()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_existing_profile_is_not_overwritten_by_mistake():
    profiles = Profiles()
    profiles.create("a", token="t", protocol="http", api_prefix="api")
    with pytest.raises(FaaspotException) as caught:
        profiles.create("a", token="u")
    assert str(caught.value) == "Command invalid. Profile `a` already exists.\nUse --update-if-exist if you wish to update it."
    assert profiles.create("a", token="u", update_if_exist=True) == "Profile `a` updated successfully"
    assert profiles.get("a") == {"a": {"token": "u", "protocol": "http", "api-prefix": "api"}}


def test_failures_and_their_suppression():
    profiles = Profiles()
    profiles.create("bare", host="h")
    for act in (profiles.use, profiles.delete):
        with pytest.raises(FaaspotException, match=r"Profile `x` does not exist\. There are: `bare`\."):
            act("x")
        assert act("x", suppress_error=True) is None
    with pytest.raises(FaaspotException, match="neither a token nor"):
        profiles.use("bare")
    for wrong in ({"port": 70000}, {"port": "x"}, {"protocol": "gopher"}):
        with pytest.raises(FaaspotException):
            profiles.update("bare", **wrong)


def test_what_the_file_holds_beside_is_kept(file):
    file.parent.mkdir()
    file.write_text("# ours\nother: {a: 1}\nfaaspot:\n  profile: a\n  more: 2017-07-21\n  profiles:\n"
                    "    a: {ssl_enabled: true, token: 0123, port: '8080', host: null, username: ''}\n")
    profiles = Profiles()
    assert profiles.get("a") == {"a": {"token": "0123", "port": 8080}}
    profiles.update("a", host="h", token="0x10")
    whole = yaml.safe_load(file.read_text())
    assert whole["other"] == {"a": 1} and str(whole["faaspot"]["more"]) == "2017-07-21"
    assert whole["faaspot"]["profiles"]["a"] == {
        "ssl_enabled": True, "token": "0x10", "port": "8080", "host": "h", "username": ""}


def test_a_link_to_the_file_stays_a_link(file, tmp_path):
    file.parent.mkdir()
    (tmp_path / "real.yaml").write_text("")
    file.symlink_to(tmp_path / "real.yaml")
    Profiles().create("a", token="t")
    assert file.is_symlink() and "a" in read(tmp_path / "real.yaml")["profiles"]
    assert sorted(os.listdir(file.parent)) == ["fasconf.yaml"]


@pytest.mark.parametrize("text", ["{", "a: b: c", "faaspot: {profiles: {a: {port: x}}}"])
def test_a_broken_file_is_named(file, text):
    file.parent.mkdir()
    file.write_text(text)
    with pytest.raises(FaaspotException, match="fasconf.yaml|port of profile"):
        Profiles().get("a")


@pytest.mark.parametrize("profile, url, prefix, authorization", [
    ({"token": "t"}, "https://localhost:443", "v1", "Token t"),
    ({"host": "h", "token": "t", "username": "u", "password": "p"}, "https://h:443", "v1", "Token t"),
    ({"host": "h", "port": 80, "protocol": "http", "username": "ü", "password": "p:q", "api_prefix": "api"},
     "http://h:80", "api", "Basic w7w6cDpx"),
    ({"host": "::1", "port": 80}, "https://[::1]:80", "v1", None),
])
def test_where_a_profile_leads(profile, url, prefix, authorization):
    Profiles().create(**profile)
    connection = active()
    assert (connection.url, connection.prefix, connection.authorization) == (url, prefix, authorization)


def test_tls_is_verified_unless_the_profile_says_otherwise():
    Profiles().create("a", token="t", certificate="~/c.pem")
    assert not active().trust_all and active().certificate == os.path.expanduser("~/c.pem")
    Profiles().update("a", trust_all=True)
    assert active().trust_all


def test_a_client_follows_the_profile_that_it_makes_active(fake, server):
    host, port = fake.url[7:].split(":")
    with Faaspot() as client:
        client.profiles.create("fake", host=host, port=int(port), protocol="http", token="secret")
        fake.reply([])
        assert client.functions.list() == []
        assert fake.requests[0].headers["authorization"] == "Token secret"
        client.profiles.create("real", host=host, port=int(server.url.rsplit(":", 1)[1]), protocol="http", token=server.token)
        client.profiles.use("real")
        assert client.spots.list()
        client.profiles.delete("real")
        with pytest.raises(FaaspotException, match="^Missing profile"):
            client.spots.list()
    with Faaspot.from_profile("fake") as client:
        fake.reply([])
        client.spots.list()


def test_an_application_has_the_addresses_of_the_last_client(fake):
    with Faaspot.from_url(fake.url, application="APP") as client:
        for act in (client.functions.list, client.spots.list, client.executions.list):
            fake.reply([])
            act()
        fake.reply("u")
        client.functions.run("f.py")
        fake.reply("u")
        client.spots.replace("127.0.1.1")
    assert [each.path for each in fake.requests] == [
        "/v1/functions/APP/", "/v1/nodes/APP/", "/v1/executions/", "/v1/functions/APP/f.py/rpc/",
        "/v1/nodes/APP/replace/127.0.1.1"]
