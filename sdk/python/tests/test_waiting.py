"""How executions are waited for; against a scripted server."""

import pytest

from faaspot import FaaspotException


def execution(status, output=None, **more):
    return {"uuid": "u", "name": "tasks.x", "status": status, "output": output, "created": "c", **more}


@pytest.mark.parametrize("status", ["Success", "success", "COMPLETED"])
def test_the_output_of_a_success_is_the_result(fake, scripted, capsys, status):
    fake.reply(execution("Pending"))
    fake.reply(execution("Started"))
    fake.reply(execution(status, {"a": 1}))
    assert scripted.executions.get("u", wait=True) == {"a": 1}
    assert capsys.readouterr().err == "...\n"
    assert {each.path for each in fake.requests} == {"/v1/executions/u"}


@pytest.mark.parametrize("status, output, text", [
    ("Failure", "ValueError: no", "ValueError: no"), ("failed", {"a": 1}, "{'a': 1}"),
    ("Cancelled", None, "The execution was cancelled.")])
def test_another_end_is_raised(fake, scripted, status, output, text):
    fake.reply(execution(status, output, traceback="Traceback"))
    with pytest.raises(FaaspotException) as caught:
        scripted.executions.get("u", wait=True)
    error = caught.value
    assert (str(error), error.status_code, error.error_code, error.server_traceback) == (text, -1, "execution_failed", "Traceback")


@pytest.mark.parametrize("act, submitted, name", [
    (lambda client, file, **more: client.functions.create("f", file, **more), "u", "create"),
    (lambda client, file, **more: client.functions.update("f", file, **more), {"uuid": "u"}, "update"),
    (lambda client, file, **more: client.functions.delete("f", **more), {"uuid": "u"}, "delete"),
    (lambda client, file, **more: client.spots.add(**more), "u", "add"),
    (lambda client, file, **more: client.spots.remove(**more), "u", "remove"),
    (lambda client, file, **more: client.spots.refresh_ip(**more), "u", "refresh_ip"),
])
def test_what_can_be_waited_for(fake, scripted, tmp_path, act, submitted, name):
    file = tmp_path / "f.py"
    file.write_text("def main(args, context):\n    return 1\n")
    fake.reply(submitted)
    expected = submitted if name in ("update", "delete") else "Execution id: u"
    assert act(scripted, file) == expected
    fake.reply(submitted)
    fake.reply(execution("Started"))
    fake.reply(execution("Success", "done"))
    assert act(scripted, file, wait=True, interval_ms=1) == "done"
    fake.reply(submitted)
    fake.reply(execution("Started"))
    with pytest.raises(FaaspotException, match=f"^Timeout waiting for {name} completion. Elapsed time: 0:0$"):
        act(scripted, file, wait=True, timeout_ms=0)


def test_the_server_is_asked_to_wait_with_us_within_the_interval_and_the_time_left(fake, scripted):
    fake.reply(execution("Success", 1))
    fake.reply(execution("Success", 1))
    fake.reply(execution("Success", 1))
    scripted.executions.get("u", wait=True)
    scripted.executions.get("u", wait=True, timeout_ms=2500, interval_ms=10000)
    scripted.executions.get("u", wait=True, interval_ms=500)
    assert [each.query for each in fake.requests] == [{"wait": "3"}, {"wait": "2"}, {}]


def test_wait_returns_the_execution_however_it_ended(fake, scripted, capsys):
    fake.reply(execution("Failure", "ValueError: no"))
    assert scripted.executions.wait("u")["output"] == "ValueError: no"
    assert capsys.readouterr().err == ""
