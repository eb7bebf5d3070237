"""What is sent again, and what is not; against a scripted server."""

import asyncio
import socket
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from faaspot import AsyncFaaspot, Faaspot, FaaspotException, Settings
from faaspot._retrying import retry_after_seconds

BUSY = {"message": "Too many requests.", "detail": None, "error_code": "rate_limited", "server_traceback": None}


@pytest.mark.parametrize("status", [429, 503])
def test_a_request_that_was_turned_away_is_sent_again_after_the_time_asked_for(fake, scripted, status):
    fake.reply(BUSY, status, Retry_After="0")
    fake.reply("result")
    assert scripted.functions.run("f", wait=True) == "result"


def test_without_retry_after_the_answer_stands(fake, scripted):
    fake.reply(BUSY, 503)
    with pytest.raises(FaaspotException, match=r"^503 \(Service Unavailable\): Too many requests\.$"):
        scripted.functions.list()


def test_a_longer_pause_than_the_longest_is_not_made(fake, scripted):
    fake.reply(BUSY, 429, Retry_After="3600")
    with pytest.raises(FaaspotException) as caught:
        scripted.functions.list()
    assert caught.value.status_code == 429 and caught.value.error_code == "rate_limited"


def test_retries_come_to_an_end(fake, scripted, settings):
    for _ in range(settings.retries + 1):
        fake.reply(BUSY, 429, Retry_After="0")
    with pytest.raises(FaaspotException, match="429"):
        scripted.functions.list()


def test_a_question_is_asked_again_when_the_connection_was_lost(fake, scripted):
    fake.hang_up()
    fake.reply(BUSY, 502)
    fake.reply([])
    assert scripted.functions.list() == []


def test_a_queued_run_is_sent_again_with_the_same_key(fake, scripted):
    fake.hang_up()
    fake.reply("u")
    fake.reply("v")
    assert scripted.functions.run("f", {"a": 1}) == "u"
    scripted.functions.run("f", {"a": 1})
    keys = [each.headers["idempotency-key"] for each in fake.requests]
    assert keys[0] == keys[1] != keys[2]
    assert fake.requests[0].body == fake.requests[1].body == {"a": 1}


@pytest.mark.parametrize("act", [
    lambda client: client.functions.run("f", wait=True),
    lambda client: client.functions.run("f", {"n": 1}, wait=True),
    lambda client: client.functions.delete("f"),
    lambda client: client.spots.add(),
    lambda client: client.spots.replace("127.0.1.1"),
    lambda client: client.tokens.create("t", ["read"]),
    lambda client: client.dead_letters.redrive("u"),
])
def test_what_must_not_happen_twice_is_not_sent_twice(fake, scripted, act):
    fake.hang_up()
    with pytest.raises(FaaspotException, match="^Failed to connect to FaaSpot server at http://127") as caught:
        act(scripted)
    assert caught.value.status_code == -1
    assert len(fake.requests) == 1


def test_the_awaiting_client_does_the_same(fake, settings):
    fake.reply(BUSY, 429, Retry_After="0")
    fake.hang_up()
    fake.reply([])

    async def live():
        async with AsyncFaaspot.from_url(fake.url, settings=settings) as client:
            return await client.functions.list()

    assert asyncio.run(live()) == []


def test_nobody_listens(settings):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with Faaspot.from_url(f"http://127.0.0.1:{unused.getsockname()[1]}", settings=settings) as client:
            with pytest.raises(FaaspotException, match="refused") as caught:
                client.functions.run("f", wait=True)
    assert caught.value.status_code == -1 and caught.value.reason == ""


def test_a_silent_server_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = Settings(read_seconds=0.05, retries=0)
        with Faaspot.from_url(f"http://127.0.0.1:{silent.getsockname()[1]}", settings=settings) as client:
            with pytest.raises(FaaspotException, match="silent for too long"):
                client.functions.list()


def test_connections_are_kept(fake, scripted):
    fake.reply([])
    fake.reply([])
    scripted.functions.list()
    scripted.functions.list()
    assert fake.requests[0].port == fake.requests[1].port


@pytest.mark.parametrize("text, seconds", [("0", 0), ("1.5", 1.5), ("-3", 0), ("soon", None), ("nan", None)])
def test_what_retry_after_asks_for(text, seconds):
    assert retry_after_seconds(text) == seconds


def test_retry_after_may_be_a_date():
    date = format_datetime(datetime.now(timezone.utc) + timedelta(seconds=100), usegmt=True)
    assert 90 < retry_after_seconds(date) <= 100


def test_a_blocking_run_may_be_silent_for_longer(server, tmp_path):
    (tmp_path / "f.py").write_text("import time\n\n\ndef main(args, context):\n    time.sleep(1.5)\n    return 1\n")
    with Faaspot.from_url(server.url, token=server.token) as client:
        client.functions.create("silent", tmp_path / "f.py", wait=True)
    with Faaspot.from_url(server.url, token=server.token, settings=Settings(read_seconds=1)) as client:
        assert client.functions.run("silent", wait=True) == 1
        client.functions.delete("silent")
