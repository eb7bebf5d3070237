"""What Swiftlet adds to queued runs: first what is sent, by a scripted server, then what comes of it on a real one."""

import io
import uuid as uuids
from datetime import datetime, timedelta, timezone

import pytest

from faaspot import FaaspotException

ECHO = "def main(args, context):\n    return args\n"
OPTIONS = {"idempotency_key": "k", "delay": 1.5, "priority": -3, "max_age": 60, "callback_url": "https://example.org/done"}
HEADERS = {"idempotency-key": "k", "x-swiftlet-delay": "1.5", "x-swiftlet-priority": "-3", "x-swiftlet-max-age": "60",
           "x-callback-url": "https://example.org/done"}


def test_options_travel_as_headers(fake, scripted):
    fake.reply("u")
    scripted.functions.run("f", {"a": 1}, **OPTIONS)
    fake.reply(["u", "v"], X_Swiftlet_Batch="b")
    run = scripted.functions.run_bulk("f", [{"a": 1}, "a=2"], **OPTIONS)
    assert run == ["u", "v"] and run.batch == "b"
    for sent in fake.requests:
        assert HEADERS.items() <= sent.headers.items()
    assert [each.body for each in fake.requests] == [{"a": 1}, [{"a": 1}, {"a": "2"}]]


def test_options_that_are_not_given_are_not_sent(fake, scripted):
    fake.reply("u")
    scripted.functions.run("f")
    assert not any(name.startswith(("x-swiftlet", "x-callback")) for name in fake.requests[0].headers)
    assert uuids.UUID(fake.requests[0].headers["idempotency-key"])


@pytest.mark.parametrize("option", OPTIONS)
def test_a_run_that_is_waited_for_takes_no_options(scripted, option):
    with pytest.raises(FaaspotException, match="starts at once"):
        scripted.functions.run("f", wait=True, **{option: OPTIONS[option]})


def test_rules_of_functions_are_sent(fake, scripted):
    fake.reply("u")
    scripted.functions.create("f", io.StringIO(ECHO), retry={"attempts": 3}, concurrency=2)
    fake.reply({"uuid": "u"})
    scripted.functions.update("f", concurrency=None)
    fake.reply({"uuid": "u"})
    scripted.functions.update("f", retry={"attempts": 1})
    first, second, third = (each.body for each in fake.requests)
    assert first["retry"] == {"attempts": 3} and first["concurrency"] == 2
    assert second == {"concurrency": None} and third == {"retry": {"attempts": 1}}


def test_executions_are_filtered_and_come_in_pages(fake, scripted):
    fake.reply([])
    after = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=1)))
    scripted.executions.list(False, "f", status=["Failure", "Cancelled"], created_after=after, created_before="b", limit=7, before="u")
    assert fake.requests[0].query == {
        "include_completed": "True", "deployment": "f", "status": "Failure,Cancelled",
        "created_after": "2026-01-02 02:04:05.000000+00:00", "created_before": "b", "limit": "7", "before": "u"}
    fake.reply([{"uuid": "1"}, {"uuid": "2"}], X_Next_Before="2")
    fake.reply([{"uuid": "3"}])
    assert [each["uuid"] for each in scripted.executions.iterate(page_size=2)] == ["1", "2", "3"]
    assert [each.query.get("before") for each in fake.requests[1:]] == [None, "2"]


def test_dead_letters(fake, scripted):
    fake.reply([{"uuid": "1"}], X_Next_Before="1")
    fake.reply([{"uuid": "2"}])
    assert [each["uuid"] for each in scripted.dead_letters.iterate("f")] == ["1", "2"]
    fake.reply([])
    assert scripted.dead_letters.list("f", limit=5) == []
    fake.reply({"uuid": "new"})
    assert scripted.dead_letters.redrive("u") == "new"
    fake.reply({"redriven": 3})
    assert scripted.dead_letters.redrive_all("f") == 3
    fake.reply({"purged": 1})
    assert scripted.dead_letters.purge("u") == 1
    fake.reply({"purged": 4})
    assert scripted.dead_letters.purge_all() == 4
    assert [(each.method, each.path, each.query) for each in fake.requests[2:]] == [
        ("GET", "/v1/dead_letters/", {"function": "f", "limit": "5"}), ("POST", "/v1/dead_letters/u/redrive", {}),
        ("POST", "/v1/dead_letters/redrive", {"function": "f"}), ("DELETE", "/v1/dead_letters/u", {}),
        ("DELETE", "/v1/dead_letters/", {})]


def test_tokens(fake, scripted):
    made = {"id": "1", "name": "ci", "scopes": ["run"], "token": "s"}
    fake.reply(made)
    assert scripted.tokens.create("ci", ["run"], functions=["a-*"], expires_in=60, rate_per_minute=5, max_body_bytes=9) == made
    fake.reply([])
    assert scripted.tokens.list() == []
    fake.reply({"id": "1"})
    assert scripted.tokens.delete("1") == "1"
    assert [(each.method, each.path) for each in fake.requests] == [
        ("PUT", "/v1/tokens/"), ("GET", "/v1/tokens/"), ("DELETE", "/v1/tokens/1")]
    assert fake.requests[0].body == {
        "name": "ci", "scopes": ["run"], "functions": ["a-*"], "expires_in": 60, "rate_per_minute": 5, "max_body_bytes": 9}


def test_tokens_are_listed_page_by_page(fake, scripted):
    fake.reply([{"id": "1"}], X_Next_After="1")
    fake.reply([{"id": "2"}])
    assert scripted.tokens.list() == [{"id": "1"}, {"id": "2"}]
    assert [each.query for each in fake.requests] == [{}, {"after": "1"}]


def test_the_same_key_is_the_same_run(faaspot, deploy, offered):
    offered("/v1/dead_letters/")
    deploy("keyed", ECHO)
    key = str(uuids.uuid4())
    first = faaspot.functions.run("keyed", {"a": 1}, idempotency_key=key)
    assert faaspot.functions.run("keyed", {"a": 1}, idempotency_key=key) == first
    with pytest.raises(FaaspotException) as caught:
        faaspot.functions.run("keyed", {"a": 2}, idempotency_key=key)
    assert (caught.value.status_code, caught.value.error_code) == (409, "idempotency_conflict")


def test_a_delayed_run_says_when_it_is_due(faaspot, deploy, offered):
    offered("/v1/dead_letters/")
    deploy("delayed", ECHO)
    uuid = faaspot.functions.run("delayed", delay=3600, priority=5)
    execution = faaspot.executions.get(uuid)
    assert (execution["status"], execution["priority"]) == ("Pending", 5) and execution["scheduled"]
    assert faaspot.executions.cancel(uuid)["status"] == "Cancelled"


def test_a_dead_letter_is_redriven_and_purged(faaspot, deploy, offered):
    offered("/v1/dead_letters/")
    deploy("dying", "def main(args, context):\n    raise ValueError('no')\n")
    uuid = faaspot.functions.run("dying")
    assert faaspot.executions.wait(uuid)["status"] == "Failure"
    assert [each["uuid"] for each in faaspot.dead_letters.iterate("dying")] == [uuid]
    again = faaspot.dead_letters.redrive(uuid)
    assert faaspot.executions.wait(again)["redriven_from"] == uuid
    assert faaspot.dead_letters.purge_all("dying") == 1
    assert faaspot.dead_letters.list("dying") == []


def test_the_progress_of_a_bulk_run(faaspot, deploy, offered):
    offered("/v1/executions/batch/{}")
    deploy("batched", ECHO)
    run = faaspot.functions.run_bulk("batched", [{"n": n} for n in range(10)])
    for uuid in run:
        faaspot.executions.wait(uuid)
    batch = faaspot.executions.batch(run.batch)
    assert (batch["total"], batch["Success"]) == (10, 10)


def test_a_token_is_made_used_and_revoked(server, faaspot, offered):
    offered("/v1/tokens/")
    from faaspot import Faaspot
    made = faaspot.tokens.create("reader", ["read"])
    with Faaspot.from_url(server.url, token=made["token"]) as reader:
        reader.functions.list()
        with pytest.raises(FaaspotException, match="^403"):
            reader.functions.delete("anything")
        assert made["id"] in [each["id"] for each in faaspot.tokens.list()]
        faaspot.tokens.delete(made["id"])
        with pytest.raises(FaaspotException, match="^401"):
            reader.functions.list()
