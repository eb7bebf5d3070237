"""What failures say; against a scripted server."""

import copy
import pickle

import pytest

from faaspot import Faaspot, FaaspotClientError, FaaspotException, IllegalExecutionParametersError
from fas.client import exceptions


def body(message, detail=None, code=None, traceback=None):
    return {"message": message, "detail": detail, "error_code": code, "server_traceback": traceback}


@pytest.mark.parametrize("status, answer, text", [
    (404, body("Not found."), "404 (Not Found): Not found."),
    (400, body(None, "the detail"), "400 (Bad Request): the detail"),
    (400, body("", ""), "400 (Bad Request): No message."),
    (400, body(["a"]), '400 (Bad Request): ["a"]'),
    (401, "a text", "401 (Unauthorized): a text"),
    (500, ["a", 1], '500 (Internal Server Error): ["a", 1]'),
    (500, b"<html>", "500 (Internal Server Error): <html> [URL/v1/functions/]"),
    (201, [], "201 (Created): []"),
    (301, b"moved", "301 (Moved Permanently): moved [URL/v1/functions/]"),
    (200, b"<html>", "200 (OK): <html> [URL/v1/functions/]"),
    (200, b"", "200 (OK):  [URL/v1/functions/]"),
])
def test_the_text_of_an_answer_that_is_no_success(fake, scripted, status, answer, text):
    fake.reply(answer, status)
    with pytest.raises(FaaspotClientError) as caught:
        scripted.functions.list()
    assert str(caught.value) == text.replace("URL", fake.url)
    assert caught.value.status_code == status


def test_the_parts_of_a_failure(fake, scripted):
    fake.reply(body("ValueError: no", "more", "execution_failed", "Traceback"), 500)
    with pytest.raises(FaaspotException) as caught:
        scripted.functions.run("f", wait=True)
    error = caught.value
    assert (error.status_code, error.reason, error.message) == (500, "Internal Server Error", "ValueError: no")
    assert (error.error_code, error.server_traceback) == ("execution_failed", "Traceback")
    for copied in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(copied) is type(error) and str(copied) == str(error) and copied.error_code == error.error_code


def test_illegal_arguments_have_a_class_of_their_own(fake, scripted):
    fake.reply(body("The arguments must be an object.", None, "illegal_execution_parameters_error"), 400)
    with pytest.raises(IllegalExecutionParametersError):
        scripted.functions.run_bulk("f", [])


def test_the_older_module_has_the_same_classes():
    assert exceptions.FaaspotException is FaaspotException
    assert issubclass(exceptions.FaaspotClientError, FaaspotException)
    assert exceptions.IllegalExecutionParametersError is IllegalExecutionParametersError


@pytest.mark.parametrize("act, answer", [
    (lambda client: client.functions.list(), {}), (lambda client: client.functions.get("f"), []),
    (lambda client: client.functions.run("f"), 1), (lambda client: client.dead_letters.purge("u"), {}),
])
def test_an_answer_of_another_form_is_a_failure(fake, scripted, act, answer):
    fake.reply(answer)
    with pytest.raises(FaaspotException, match="Is this a FaaSpot server"):
        act(scripted)


@pytest.mark.parametrize("arguments", [{"a": object()}, {"a": float("nan")}, {"a": b"bytes"}])
def test_arguments_that_are_no_json_are_refused_here(scripted, arguments):
    with pytest.raises(FaaspotException, match="^The arguments cannot be sent as JSON: "):
        scripted.functions.run("f", arguments)


@pytest.mark.parametrize("bounds", [(0, 1), (2, 1), ("x", 1), (None, 1)])
def test_bounds_that_cannot_be_are_refused_here(scripted, bounds):
    with pytest.raises(FaaspotException):
        scripted.spots.update(*bounds)


def test_bounds_are_numbers_even_when_given_as_texts(fake, scripted):
    fake.reply({"min_workers": 2, "max_workers": 10})
    assert scripted.spots.update("2", "10") == {"min_workers": 2, "max_workers": 10}
    assert fake.requests[0].body == {"min_workers": 2, "max_workers": 10}


@pytest.mark.parametrize("url", ["localhost:8080", "ftp://x", "http://", "http://x:port", "http://u:p@x"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(FaaspotException, match="is no address of a server"):
        Faaspot.from_url(url)


def test_a_missing_certificate_file_is_named(tmp_path):
    with Faaspot.from_url("https://localhost:1", certificate=str(tmp_path / "missing.pem")) as client:
        with pytest.raises(FaaspotException, match=r"Cannot read the certificate `.*missing\.pem` of the profile"):
            client.functions.list()


def test_a_wrong_token(server):
    with Faaspot.from_url(server.url, token="wrong") as client:
        with pytest.raises(FaaspotException, match=r"^401 \(Unauthorized\): Invalid token\.$"):
            client.functions.list()
