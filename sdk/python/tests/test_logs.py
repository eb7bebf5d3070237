"""Logs of executions: parsing, by a scripted server, and on a real one."""

import asyncio

import pytest

from faaspot import AsyncFaaspot, FaaspotException
from faaspot._events import Event, EventParser

LINES = [{"time": "t1", "stream": "stdout", "text": "one"}, {"time": "t2", "stream": "stderr", "text": "two ü"}]
STREAM = (
    ': heartbeat\n\nevent: log\ndata: {"time": "t1", "stream": "stdout", "text": "one"}\n\n'
    'event: log\r\ndata: {"time": "t2", "stream": "stderr",\r\ndata: "text": "two ü"}\r\n\r\nevent: other\ndata: x\n\n').encode()
END = b'event: end\ndata: {"uuid": "u", "status": "Success"}\n\n'


@pytest.mark.parametrize("lines, events", [
    (["data: a", "data:b", ""], [Event("message", "a\nb")]),
    (["event: log", ""], []),
    ([": comment", "id: 1", "data", ""], [Event("message", "")]),
    (["event: a", "data: 1", "", "data: 2", ""], [Event("a", "1"), Event("message", "2")]),
])
def test_events_are_put_together_from_lines(lines, events):
    parser = EventParser()
    assert [event for event in map(parser.feed, lines) if event] == events


def test_logs_as_a_list(fake, scripted):
    fake.reply(LINES)
    assert list(scripted.executions.logs("u")) == LINES
    assert fake.requests[0].path == "/v1/executions/u/logs" and fake.requests[0].query == {}


def test_a_followed_log_ends_with_its_execution(fake, scripted):
    fake.reply(STREAM + END + b"event: log\ndata: {}\n\n", Content_Type="text/event-stream")
    assert list(scripted.executions.logs("u", follow=True)) == LINES
    assert fake.requests[0].query == {"follow": "true"} and fake.requests[0].headers["accept"] == "text/event-stream"


def test_a_log_that_is_cut_off_is_a_failure(fake, scripted):
    fake.reply(STREAM, Content_Type="text/event-stream")
    with pytest.raises(FaaspotException, match="before the execution had ended"):
        list(scripted.executions.logs("u", follow=True))


def test_a_refused_log_is_a_failure(fake, scripted):
    fake.reply({"message": "Not found."}, 404)
    with pytest.raises(FaaspotException, match=r"^404 \(Not Found\): Not found\.$"):
        next(scripted.executions.logs("u", follow=True))


def test_the_awaiting_client_follows_too(fake):
    fake.reply(STREAM + END, Content_Type="text/event-stream")
    fake.reply(LINES)

    async def live():
        async with AsyncFaaspot.from_url(fake.url) as client:
            assert [each async for each in client.executions.logs("u", follow=True)] == LINES
            assert [each async for each in client.executions.logs("u")] == LINES

    asyncio.run(live())


def test_a_real_log(faaspot, deploy, offered):
    offered("/v1/executions/{}/logs")
    deploy("printing", "def main(args, context):\n    print('printed')\n    return 1\n")
    uuid = faaspot.functions.run("printing")
    assert "printed" in "".join(each["text"] for each in faaspot.executions.logs(uuid, follow=True))
    assert "printed" in "".join(each["text"] for each in faaspot.executions.logs(uuid))
