"""Spots are real worker processes: added, removed, replaced and changed while calls go on."""

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor


def change(server, method, path, body=None):
    """Asks for a change of spots and returns its execution when it has ended."""
    answer = server.request(method, path, body)
    assert answer.status == 200, answer.body
    return server.settled(answer.json, seconds=60)


def spots(server):
    return server.request("GET", "/v1/spots/").json


def keep_calling(server, stop, answers):
    while not stop.is_set():
        answers.append(server.call("slow", {"seconds": 0.01, "n": len(answers)}))


def test_the_first_start_makes_one_spot(own_server):
    [spot] = spots(own_server)
    assert spot["ip"] == "127.0.1.1" and spot["state"] == "ready"
    whole = own_server.request("GET", "/v1/spots/127.0.1.1").json
    assert (whole["min_workers"], whole["max_workers"]) == (1, 2)
    assert own_server.request("GET", "/v1/spots/127.0.1.2").status == 404


def test_a_spot_is_added_and_removed_with_its_process(own_server):
    [first] = own_server.workers()
    added = change(own_server, "PUT", "/v1/spots/", {"region": None, "provider": None})
    assert (added["name"], added["status"], added["output"]) == ("tasks.create_spot", "Success", "127.0.1.2")
    assert len(own_server.workers()) == 2 and [each["ip"] for each in spots(own_server)] == ["127.0.1.1", "127.0.1.2"]
    removed = change(own_server, "DELETE", "/v1/spots/127.0.1.1")
    assert (removed["name"], removed["output"]) == ("tasks.delete_spot", "127.0.1.1")
    [left] = own_server.workers()
    assert left != first and [each["ip"] for each in spots(own_server)] == ["127.0.1.2"]
    listed = own_server.request("GET", "/v1/executions/?include_completed=True").json
    assert {"tasks.create_spot", "tasks.delete_spot"} <= {each["name"] for each in listed}


def test_a_spot_is_removed_once_its_calls_have_ended(own_server):
    own_server.deploy("slow", own_server.SLOW)
    change(own_server, "PUT", "/v1/spots/")
    answers = []
    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(own_server.call, "slow", {"seconds": 1.5, "n": n}) for n in range(4)]
        own_server.wait_for(lambda: sum(e["status"] == "Started" for e in own_server.request("GET", "/v1/executions/").json) == 4)
        pending = own_server.request("DELETE", "/v1/spots/127.0.1.1").json
        states = {each["ip"]: each["state"] for each in spots(own_server)}
        assert states == {"127.0.1.1": "draining", "127.0.1.2": "ready"}
        assert own_server.execution(pending)["status"] == "Started"
        answers = [each.result() for each in running]
    assert [answer.status for answer in answers] == [200] * 4
    assert own_server.settled(pending)["status"] == "Success"
    assert len(own_server.workers()) == 1


def test_spots_change_while_calls_go_on(own_server):
    own_server.deploy("slow", own_server.SLOW)
    stop, answers = threading.Event(), []
    callers = [threading.Thread(target=keep_calling, args=(own_server, stop, answers)) for _ in range(3)]
    for caller in callers:
        caller.start()
    try:
        assert change(own_server, "GET", "/v1/spots/replace/127.0.1.1")["output"] == "127.0.1.2"
        assert change(own_server, "PATCH", "/v1/spots/", {"refresh_ip": "all"})["output"] == "127.0.1.3"
        before = own_server.workers()
        set_size = own_server.request("PATCH", "/v1/spots/", {"min_workers": "2", "max_workers": "3"})
        assert set_size.json == {"min_workers": 2, "max_workers": 3}
        own_server.wait_for(lambda: len(own_server.workers()) == 1 and own_server.workers() != before)
        [worker] = own_server.workers()
        command = open(f"/proc/{worker}/cmdline").read().split("\0")
        assert command[command.index("--permits") + 1] == "3" and command[command.index("--ready") + 1] == "2"
        change(own_server, "PUT", "/v1/spots/")
        change(own_server, "DELETE", "/v1/spots/")
    finally:
        stop.set()
        for caller in callers:
            caller.join()
    assert answers and {answer.status for answer in answers} == {200}


def test_spots_survive_a_restart_and_a_kill(own_server):
    change(own_server, "PUT", "/v1/spots/")
    change(own_server, "DELETE", "/v1/spots/127.0.1.1")
    change(own_server, "PUT", "/v1/spots/")
    own_server.request("PATCH", "/v1/spots/", {"min_workers": 1, "max_workers": 1})
    before = spots(own_server)
    assert [each["ip"] for each in before] == ["127.0.1.2", "127.0.1.3"]
    assert own_server.stop() == 0
    own_server.start()
    assert spots(own_server) == before and len(own_server.workers()) == 2
    assert own_server.request("GET", "/v1/spots/127.0.1.2").json["max_workers"] == 1
    pending = own_server.request("PUT", "/v1/spots/").json
    own_server.kill()
    own_server.start()
    assert own_server.settled(pending)["output"] == "127.0.1.4"
    assert [each["ip"] for each in spots(own_server)] == ["127.0.1.2", "127.0.1.3", "127.0.1.4"]


def test_a_spot_whose_worker_is_killed_gets_another(own_server):
    own_server.deploy("slow", own_server.SLOW)
    change(own_server, "PUT", "/v1/spots/")
    before = own_server.workers()
    os.kill(before[0], signal.SIGKILL)
    own_server.wait_for(lambda: len(own_server.workers()) == 2 and own_server.workers() != before)
    assert [each["state"] for each in spots(own_server)] == ["ready", "ready"]
    assert all(own_server.call("slow", {"seconds": 0}).status == 200 for _ in range(5))


def test_without_a_spot_queued_runs_wait_and_blocking_ones_are_told(own_server):
    own_server.deploy("slow", own_server.SLOW)
    change(own_server, "DELETE", "/v1/spots/")
    assert own_server.workers() == [] and spots(own_server) == []
    refused = own_server.call("slow", {"seconds": 0})
    assert refused.status == 503
    assert (refused.json["message"], refused.json["error_code"]) == ("No spots available.", "no_spots")
    queued = [own_server.enqueue("slow", {"seconds": 0, "n": n}) for n in range(3)]
    assert {own_server.execution(each)["status"] for each in queued} == {"Pending"}
    assert own_server.stop() == 0
    own_server.start()
    assert {own_server.execution(each)["status"] for each in queued} == {"Pending"}
    assert own_server.request("DELETE", "/v1/spots/").status == 404
    change(own_server, "PUT", "/v1/spots/")
    assert [own_server.settled(each)["output"]["n"] for each in queued] == [0, 1, 2]


def test_the_command_line_changes_spots(own_server):
    assert own_server.fas("spots", "add", "--wait").stdout == "127.0.1.2\n"
    assert own_server.fas("spots", "update", "--min", "1", "--max", "1").returncode == 0
    assert own_server.fas("spots", "refresh_ip", "-i", "127.0.1.1", "--wait").stdout == "127.0.1.3\n"
    assert own_server.fas("spots", "remove", "--wait").stdout == "127.0.1.2\n"
    assert "127.0.1.3" in own_server.fas("spots", "list").stdout


def test_a_stop_while_a_spot_drains_loses_nothing(own_server):
    own_server.deploy("slow", own_server.SLOW)
    change(own_server, "PUT", "/v1/spots/")
    queued = [own_server.enqueue("slow", {"seconds": 1.5, "n": n}) for n in range(6)]
    own_server.wait_for(lambda: any(own_server.execution(each)["status"] == "Started" for each in queued))
    removal = own_server.request("DELETE", "/v1/spots/127.0.1.1").json
    assert own_server.stop() == 0
    own_server.start()
    assert own_server.settled(removal)["output"] == "127.0.1.1"
    assert [each["ip"] for each in spots(own_server)] == ["127.0.1.2"]
    assert [own_server.settled(each)["output"]["n"] for each in queued] == list(range(6))
