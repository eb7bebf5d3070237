"""Executions and spots on a real server."""

import pytest

from faaspot import FaaspotException

SLEEP = "import time\n\n\ndef main(args, context):\n    time.sleep(50)\n"
RAISE = "def main(args, context):\n    raise ValueError('no')\n"


def test_a_running_execution_is_listed_and_cancelled(faaspot, deploy):
    deploy("sleeping", SLEEP)
    uuid = faaspot.functions.run("sleeping")
    assert uuid in [each["uuid"] for each in faaspot.executions.list(deployment="sleeping")]
    faaspot.executions.cancel(uuid)
    assert faaspot.executions.wait(uuid)["status"] == "Cancelled"
    assert uuid not in [each["uuid"] for each in faaspot.executions.list()]
    assert uuid in [each["uuid"] for each in faaspot.executions.list(True, "sleeping")]
    assert uuid in [each["uuid"] for each in faaspot.executions.iterate(deployment="sleeping")]
    with pytest.raises(FaaspotException) as caught:
        faaspot.executions.get(uuid, wait=True)
    assert caught.value.error_code == "execution_failed"


def test_a_failed_execution_raises_when_waited_for(faaspot, deploy, capsys):
    deploy("raising", RAISE)
    uuid = faaspot.functions.run("raising")
    with pytest.raises(FaaspotException) as caught:
        faaspot.executions.get(uuid, wait=True)
    assert (str(caught.value), caught.value.status_code, caught.value.error_code) == ("ValueError: no", -1, "execution_failed")
    assert "raise ValueError" in caught.value.server_traceback
    assert set(capsys.readouterr().err) <= {".", "\n"}
    assert faaspot.executions.wait(uuid)["status"] == "Failure"


def test_waiting_ends_when_its_time_is_over(faaspot, deploy):
    deploy("sleeping", SLEEP)
    uuid = faaspot.functions.run("sleeping")
    with pytest.raises(FaaspotException, match=r"^Timeout waiting for get completion\. Elapsed time: 0:0$"):
        faaspot.executions.get(uuid, wait=True, timeout_ms=100, interval_ms=30)
    faaspot.executions.cancel(uuid)


def test_several_executions_at_once(faaspot, deploy):
    deploy("echo", "def main(args, context):\n    return args\n")
    uuids = faaspot.functions.run_bulk("echo", ["a=1", {"a": 2}])
    for each in uuids:
        faaspot.executions.wait(each)
    unknown = "00000000-0000-0000-0000-000000000000"
    assert [each["output"] for each in faaspot.executions.get_bulk([*uuids, unknown])] == [{"a": "1"}, {"a": 2}]
    assert [each["uuid"] for each in faaspot.executions.get(uuids)] == uuids


def test_an_unknown_execution(faaspot):
    with pytest.raises(FaaspotException, match=r"^404 \(Not Found\): Not found\.$"):
        faaspot.executions.get("00000000-0000-0000-0000-000000000000")


def test_spots_are_listed_and_shown(faaspot):
    spot = faaspot.spots.list()[0]
    assert faaspot.nodes.get(spot["ip"])["max_workers"] >= 1
