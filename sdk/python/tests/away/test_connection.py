"""`FaasConnection`: what it asks of the gateway, what it raises, what it shows."""

import os
import platform
import shutil
import threading
import warnings
from pathlib import Path

import pytest
import yaml

from away import FaasConnection, builder
from away.exceptions import EnsureException, FaasReturnedError, FaasServiceUnavailableException

NEEDS_LOGIN = {
    "get_faas_functions": (), "check_fn_present": ("x",), "ensure_fn_present": ("x",), "get_function_annotations": ("x",),
    "is_away_protocol": ("x",), "get_sysinfo": (), "remove_fn": ("x",), "create_from_template": ("p", "x"), "publish_from_yaml": ("x",),
}
UNUSED_PORT = 9


def test_a_login_at_construction(faas, gateway):
    address = f"{gateway.host}:{gateway.port}"
    assert faas.address == address and faas.auth_address == f"admin:{gateway.password}@{address}"
    assert faas.is_auth() and faas.is_available()
    assert faas.server_architecture == faas.get_sysinfo()["arch"]
    faas.ensure_auth()
    faas.ensure_available()


def test_what_is_asked_at_construction(reference, state):
    state.requests.clear()
    FaasConnection("127.0.0.1", reference.port, password=1234)
    assert [each.path for each in state.requests] == ["/healthz", "/system/functions", "/system/info"]
    assert ["authorization" in each.headers for each in state.requests] == [False, True, True]
    assert len({each.connection for each in state.requests}) == 1
    state.requests.clear()
    FaasConnection("127.0.0.1", reference.port, password=1234, server_architecture="arm64")
    assert [each.path for each in state.requests] == ["/healthz", "/system/functions"]


def test_a_wrong_password(gateway):
    with pytest.raises(FaasReturnedError) as caught:
        FaasConnection(gateway.host, gateway.port, password="wrong")
    assert "401" in caught.value.message and "invalid credentials" in caught.value.message and "wrong" not in caught.value.message
    assert caught.value.status == 401


@pytest.mark.parametrize("options, given", [({}, "user"), ({"user": None, "password": 1}, "password")])
def test_half_a_login_is_warned_of(gateway, options, given):
    with pytest.warns(Warning, match=f"Only a {given} was given: authentication stays blank") as caught:
        faas = FaasConnection(gateway.host, gateway.port, **options)
    assert caught[0].filename == __file__
    assert not faas.is_auth() and faas.auth_address is None and faas.server_architecture is None


def test_no_login_at_all_is_nothing_to_warn_of(gateway):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not FaasConnection(gateway.host, gateway.port, user=None).is_auth()


def test_nothing_is_asked_without_ensure_available():
    faas = FaasConnection("127.0.0.1", UNUSED_PORT, password=1234, ensure_available=False)
    assert faas.auth_address is None and not faas.is_available()
    with pytest.raises(FaasServiceUnavailableException, match="No connection to the gateway at http://127.0.0.1:9"):
        faas.ensure_available()
    with pytest.raises(FaasServiceUnavailableException):
        FaasConnection("127.0.0.1", UNUSED_PORT, password=1234)


def test_a_gateway_that_is_not_healthy(reference, state):
    state.scripted["/healthz"] = [(503, {}, b""), (503, {}, b"")]
    with pytest.raises(EnsureException, match="503"):
        FaasConnection("127.0.0.1", reference.port, password=1234)
    assert not FaasConnection("127.0.0.1", reference.port, ensure_available=False, user=None).is_available()


def test_it_shows_no_secret(gateway, faas):
    indent = " " * 8
    shown = repr(faas)
    assert shown == (f"FaasConnection at endpoint: {faas.address};\n{indent}Arch: {faas.server_architecture},\n"
                     f"{indent}Auth details: Logged in,\n{indent}Is Available: True")
    blank = FaasConnection("127.0.0.1", UNUSED_PORT, user=None, ensure_available=False)
    assert repr(blank) == (f"FaasConnection at endpoint: 127.0.0.1:9;\n{indent}Arch: unknown,\n"
                           f"{indent}Auth details: Not logged in,\n{indent}Is Available: False")


@pytest.mark.parametrize("method", NEEDS_LOGIN)
def test_methods_that_need_a_login(gateway, method):
    faas = FaasConnection(gateway.host, gateway.port, user=None)
    with pytest.raises(EnsureException, match="^OpenFaaS connection is not auth:"):
        getattr(faas, method)(*NEEDS_LOGIN[method])
    with pytest.raises(EnsureException, match="^OpenFaaS connection is not auth:"):
        faas.ensure_auth()


def test_a_login_by_hand(gateway):
    faas = FaasConnection(gateway.host, gateway.port, user=None)
    faas.auth_address = f"admin:{gateway.password}@{faas.address}"
    assert faas.is_auth() and isinstance(faas.get_faas_functions(), list)
    faas.auth_address = f"admin:no/such?password@#%@{faas.address}"
    # A server may make those wait who try wrong passwords.
    with pytest.raises(FaasReturnedError, match="401|429"):
        faas.get_faas_functions()


def test_deployed_functions_are_found(faas, fibonacci):
    assert "fibonacci" in faas.get_faas_functions()
    assert faas.check_fn_present("fibonacci") and not faas.check_fn_present("nobody")
    faas.ensure_fn_present("fibonacci")
    with pytest.raises(EnsureException, match="nobody.*fibonacci"):
        faas.ensure_fn_present("nobody")
    assert faas.get_function_annotations("fibonacci") == {} and not faas.is_away_protocol("fibonacci")
    with pytest.raises(FaasReturnedError, match="404"):
        faas.get_function_annotations("nobody")


def test_null_is_an_empty_list_and_map(reference, state, faas):
    state.scripted["/system/functions"] = [(200, {}, b"null")]
    assert faas.get_faas_functions() == []
    state.scripted["/system/function/x"] = [(200, {}, b'{"name": "x", "annotations": null}')]
    assert faas.get_function_annotations("x") == {}
    assert [each.path for each in state.requests][-1] == "/system/function/x?usage=1"
    state.scripted["/system/functions"] = [(200, {}, b"<html>")]
    with pytest.raises(FaasReturnedError, match="did not answer with JSON"):
        faas.get_faas_functions()


def test_removing(faas, quietly):
    @builder.publish(faas)
    def to_be_removed():
        return 1
    faas.remove_fn("to_be_removed")
    assert not faas.check_fn_present("to-be-removed")
    with pytest.raises(FaasReturnedError, match="404"):
        faas.remove_fn("to_be_removed")


def test_a_function_from_the_template(faas):
    faas.create_from_template("localhost:5000", "from_template")
    assert Path("from-template.yml").read_text() == (
        "version: 1.0\nprovider:\n  name: openfaas\n  gateway: http://127.0.0.1:8080\nfunctions:\n  from-template:\n    lang: python3\n"
        "    handler: ./from-template\n    image: localhost:5000/from-template:latest\n")
    assert sorted(os.listdir("from-template")) == ["__init__.py", "handler.py", "requirements.txt"]
    assert {"template.yml", "Dockerfile", "index.py", "requirements.txt", "function"} == set(os.listdir("template/python3"))
    faas.publish_from_yaml("from_template")
    assert builder.sync_from_name("from_template", faas)("x") == "x\n"
    with pytest.raises(EnsureException, match="exists already"):
        faas.create_from_template("localhost:5000", "from_template")


def test_what_a_stack_file_says_is_deployed(faas, state, monkeypatch):
    monkeypatch.setenv("IMAGE_TAG", "9")
    faas.create_from_template("", "full")
    Path("full/build").mkdir()
    Path("full/build/left-out").write_text("x")
    stack = yaml.safe_load(Path("full.yml").read_text())
    stack["functions"]["full"].update(
        image="full:${IMAGE_TAG}${NOTHING:-b}", environment={"debug": True, "number": 1}, labels={"a": "b"}, annotations={"c": "d"},
        limits={"memory": "64Mi"}, secrets=["s"], readonly_root_filesystem=True, fprocess="cat")
    Path("full.yml").write_text(yaml.dump(stack))
    faas.publish_from_yaml("full")
    assert state.functions["full"].deployment == {
        "service": "full", "image": "full:9b", "envProcess": "cat", "labels": {"a": "b"}, "annotations": {"c": "d"},
        "envVars": {"debug": "true", "number": "1"}, "limits": {"memory": "64Mi"}, "secrets": ["s"], "readOnlyRootFilesystem": True}
    assert b"left-out" not in state.archives["full:9b"]


@pytest.mark.parametrize("text, sentence", [
    (None, "cannot be read"), ("- 1", "no stack file"), ("functions: 1", "no stack file"), ("a: [", "no stack file"),
    ("functions: {x: {lang: python3}}", "lacks handler, image"), ("functions: {x: }", "lacks lang"),
    ("functions: {x: {lang: python3, handler: ./nowhere, image: x}}", "no files in ./nowhere")])
def test_stack_files_that_cannot_be_used(faas, text, sentence):
    if text is not None:
        Path("x.yml").write_text(text)
    with pytest.raises(EnsureException, match=sentence):
        faas.publish_from_yaml("x")


def test_a_language_that_is_not_there(faas):
    Path("x").mkdir()
    Path("x/handler.py").write_text("def handle(req):\n    return req\n")
    Path("x.yml").write_text("functions: {x: {lang: cobol, handler: ./x, image: x}}")
    Path("template/cobol").mkdir(parents=True)
    with pytest.raises(EnsureException, match="no template"):
        faas.publish_from_yaml("x")
    Path("template/cobol/template.yml").write_text("language: cobol\n")
    with pytest.raises(FaasReturnedError, match="cobol"):
        faas.publish_from_yaml("x")
    # A template that is not here may be there.
    shutil.rmtree("template")
    with pytest.raises(FaasReturnedError, match="cobol"):
        faas.publish_from_yaml("x")


def test_threads_share_a_connection(reference, state, faas):
    names = []
    threads = [threading.Thread(target=lambda: names.append(faas.get_faas_functions())) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names) == 20 and all(each == names[0] for each in names)


def test_connections_are_kept_and_closed_ones_replaced(reference, state, faas):
    state.requests.clear()
    for _ in range(3):
        faas.ensure_available()
    assert len({each.connection for each in state.requests}) == 1
    state.scripted["/healthz"] = [(200, {"Connection": "close"}, b""), (200, {"Connection": "close"}, b"")]
    for _ in range(3):
        faas.ensure_available()
    assert len({each.connection for each in state.requests}) == 3
    faas.close()
    faas.ensure_available()
    assert len({each.connection for each in state.requests}) == 4


def test_an_answer_that_breaks_off(reference, state, faas):
    state.scripted["/healthz"] = [None, (200, {"Content-Length": "10", "Connection": "close"}, b"short")]
    for _ in range(2):
        with pytest.raises(FaasServiceUnavailableException, match="broke"):
            faas.ensure_available()
    faas.ensure_available()


def test_a_proxy_of_the_environment_is_followed(reference, state, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://user:p%40ss@127.0.0.1:{reference.port}")
    state.scripted["/healthz"] = [(200, {}, b"")]
    assert FaasConnection("faas.example.org", 80, user=None).address == "faas.example.org:80"
    sent = state.requests[-1]
    assert sent.path == "http://faas.example.org:80/healthz" and sent.headers["host"] == "faas.example.org:80"
    assert sent.headers["proxy-authorization"] == "Basic dXNlcjpwQHNz"
    FaasConnection("127.0.0.1", reference.port, user=None)
    assert state.requests[-1].path == "/healthz"


def test_the_architecture_is_compared_when_publishing(reference, faas):
    faas.server_architecture = "pdp11"
    with pytest.warns(UserWarning, match=f"pdp11, this machine's is {platform.machine()}") as caught:
        @builder.publish(faas)
        def on_another_machine():
            return 1
    assert caught[0].filename == __file__
    assert on_another_machine() == 1
