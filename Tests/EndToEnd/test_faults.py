"""Processes die and are stopped at the worst moments; nothing that was acknowledged is lost."""

import os
import signal
import socket
import subprocess
import threading
from pathlib import Path

import pytest


def is_running(server):
    return any(each["status"] == "Started" for each in server.request("GET", "/v1/executions/").json)


def test_a_worker_that_dies_is_replaced_and_its_calls_are_told(own_server):
    own_server.deploy("slow", own_server.SLOW)
    answers = []
    thread = threading.Thread(target=lambda: answers.append(own_server.call("slow", {"seconds": 20})))
    thread.start()
    own_server.wait_for(lambda: is_running(own_server))
    [worker] = own_server.workers()
    os.kill(worker, signal.SIGKILL)
    thread.join(timeout=30)
    assert answers[0].status == 500 and "WorkerLost" in answers[0].json["message"]
    own_server.wait_for(lambda: own_server.workers() not in ([], [worker]) and own_server.request("GET", "/healthz").status == 200)
    assert own_server.call("slow", {"seconds": 0, "x": 1}).json == {"seconds": 0, "x": 1}


def test_queued_work_survives_a_kill_of_the_server(own_server):
    own_server.deploy("slow", own_server.SLOW)
    identifiers = [own_server.enqueue("slow", {"seconds": 0.2, "n": n}) for n in range(40)]
    own_server.wait_for(lambda: own_server.execution(identifiers[0])["status"] == "Success")
    own_server.kill()
    own_server.start()
    for n, identifier in enumerate(identifiers):
        execution = own_server.settled(identifier)
        assert execution["status"] == "Success" and execution["output"]["n"] == n


def test_a_stop_lets_running_calls_finish(own_server):
    own_server.deploy("slow", own_server.SLOW)
    answers = []
    thread = threading.Thread(target=lambda: answers.append(own_server.call("slow", {"seconds": 1.5})))
    thread.start()
    queued = [own_server.enqueue("slow", {"seconds": 0.1, "n": n}) for n in range(5)]
    own_server.wait_for(lambda: is_running(own_server))
    assert own_server.stop() == 0
    thread.join(timeout=30)
    assert answers[0].status == 200
    own_server.start()
    assert [own_server.settled(each)["status"] for each in queued] == ["Success"] * 5


def test_a_second_server_on_the_same_folder_is_refused(own_server):
    second = subprocess.run(
        [own_server.bin / "swiftlet", "serve", "--data", own_server.data, "--listen", "127.0.0.1:0"],
        env=own_server.environment, capture_output=True, text=True, timeout=60,
    )
    assert second.returncode == 1
    assert str(own_server.process.pid) in second.stderr
    assert own_server.request("GET", "/healthz").status == 200


def test_a_port_in_use_is_a_sentence(own_server):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = subprocess.run(
            [own_server.bin / "swiftlet", "serve", "--data", own_server.data.parent / "other", "--listen", f"127.0.0.1:{port}"],
            env=own_server.environment, capture_output=True, text=True, timeout=60,
        )
    assert result.returncode == 1 and "in use" in result.stderr


def test_a_low_limit_of_open_files_stays(own_server):
    assert own_server.stop() == 0
    command = [own_server.bin / "swiftlet", "serve", "--data", own_server.data, "--listen", "127.0.0.1:0", "--workers", "1"]
    own_server.process = subprocess.Popen(
        ["bash", "-c", 'ulimit -n 1000; exec "$@"', "bash", *command], env=own_server.environment, stdout=subprocess.PIPE, text=True)
    assert "ready at" in own_server.process.stdout.readline()
    [worker] = own_server.workers()
    [limit] = [line.split() for line in open(f"/proc/{worker}/limits") if line.startswith("Max open files")]
    assert limit[3:5] == ["1000", "1000"]


def test_workers_end_with_their_server(own_server):
    workers = own_server.workers()
    own_server.kill()
    own_server.wait_for(lambda: not any(os.path.exists(f"/proc/{worker}") for worker in workers))


def test_workers_are_locked_down(own_server):
    [worker] = own_server.workers()
    status = dict(line.split(":\t", 1) for line in open(f"/proc/{worker}/status").read().splitlines() if ":\t" in line)
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    if os.geteuid() == 0:
        assert status["Uid"].split()[:3] == ["65534"] * 3
    # The server has precedence where functions use all processors.
    assert os.getpriority(os.PRIO_PROCESS, worker) > os.getpriority(os.PRIO_PROCESS, own_server.process.pid)
    descriptors = Path(f"/proc/{worker}/fd")
    if os.geteuid() == 0:
        assert sum("socket:" in os.readlink(descriptor) for descriptor in descriptors.iterdir()) == 1
    else:
        # Only root may look into a worker.
        with pytest.raises(PermissionError):
            list(descriptors.iterdir())


def test_images_that_are_lost_or_damaged_are_taken_anew(own_server):
    own_server.deploy("keeps", "import json\nx = 41\ndef main(args, context): return x + args['n']\n")
    own_server.deploy("loses", "import json\nx = 10\ndef main(args, context): return x + args['n']\n")
    assert own_server.stop() == 0
    images = sorted((own_server.data / "images").rglob("*.image"), key=lambda file: file.stat().st_mtime)
    assert len(images) == 2
    damaged = bytearray(images[0].read_bytes())
    damaged[len(damaged) // 2] ^= 1
    images[0].write_bytes(damaged)
    images[1].unlink()
    own_server.start()
    assert own_server.call("keeps", {"n": 1}).json == 42
    assert own_server.call("loses", {"n": 1}).json == 11
    assert own_server.stop() == 0
    for base in (own_server.data / "images").rglob("*.base"):
        base.write_bytes(b"not an image")
    own_server.start()
    assert own_server.call("keeps", {"n": 1}).json == 42


def test_a_full_queue_is_refused_with_a_time_to_come_back(start_server):
    from concurrent.futures import ThreadPoolExecutor

    server = start_server("--workers", "1", "--threads", "1", "--queue-limit", "2")
    server.deploy("slow", server.SLOW)
    with ThreadPoolExecutor(60) as pool:
        answers = list(pool.map(lambda n: server.call("slow", {"seconds": 1, "n": n}), range(60)))
    refused = [answer for answer in answers if answer.status != 200]
    assert refused and {answer.status for answer in refused} == {429}
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in refused)
    assert all(answer.json["n"] == n for n, answer in enumerate(answers) if answer.status == 200)
