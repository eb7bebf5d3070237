"""Server and workers die at random moments while work of every kind comes in: nothing acknowledged is lost, nothing ends twice.

Every request carries an idempotency key and is sent until it is acknowledged, so in the end the server must have accepted exactly
what the clients were told of. `make chaos` runs this with many more kills; the seed of a failure is in its message.
"""

import http.client
import json
import os
import random
import signal
import threading
import time

KILLS = int(os.environ.get("SWIFTLET_CHAOS_KILLS", "20"))
SEED = int(os.environ.get("SWIFTLET_CHAOS_SEED", str(random.SystemRandom().randrange(1 << 30))))
#: Clients pause while more wait, so that what came in is also run between the kills.
MOST_QUEUED = 500
#: The bounded form ends after so long, however few the kills were by then.
MOST_SECONDS = float(os.environ.get("SWIFTLET_CHAOS_SECONDS", "30"))

CODE = """
import time
def main(args, context):
    time.sleep(args.get("seconds", 0))
    if args.get("fails", 0) > 0:
        raise ValueError("as asked")
    return args["n"]
"""

FINAL = ("Success", "Failure", "Cancelled")


class Client(threading.Thread):
    """Sends requests, each until it is acknowledged, and remembers what came of them."""

    def __init__(self, place, number, stop, is_full):
        super().__init__(daemon=True)
        self.place, self.number, self.stop, self.is_full = place, number, stop, is_full
        self.random = random.Random(SEED * 1000 + number)
        self.acknowledged = {}
        self.problems = []

    def run(self):
        count = 0
        while not self.stop.is_set():
            if self.is_full.is_set():
                time.sleep(0.01)
                continue
            key = f"{self.number}-{count}"
            count += 1
            path, body, headers = self.work(key)
            first = self.send(path, body, headers)
            self.acknowledged[key] = [first] if isinstance(first, str) else first
            if self.random.random() < 0.3 and self.send(path, body, headers) != first:
                self.problems.append(f"the key {key} gave other executions the second time")

    def work(self, key):
        arguments = {"n": key, "seconds": self.random.choice([0, 0, 0.01, 0.1])}
        if self.random.random() < 0.2:
            arguments["fails"] = 1
        headers = {"Idempotency-Key": key, "X-Swiftlet-Priority": str(self.random.choice([0, 0, 5, -5]))}
        if self.random.random() < 0.2:
            headers["X-Swiftlet-Delay"] = str(self.random.choice(["0.05", "0.5"]))
        if self.random.random() < 0.2:
            return "/v1/functions/work/bulk_rpc/", [arguments] * self.random.randrange(1, 20), headers
        return "/v1/functions/work/rpc/", arguments, headers

    def send(self, path, body, headers):
        while True:
            url, token = self.place()
            connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=20)
            try:
                connection.request("POST", path, json.dumps(body), {**headers, "Authorization": f"Token {token}"})
                answer = connection.getresponse()
                text = answer.read()
                if answer.status == 200:
                    return json.loads(text)
                if answer.status not in (429, 503):
                    self.problems.append(f"{path} answered {answer.status}: {text[:200]}")
                    return []
            except (OSError, http.client.HTTPException, json.JSONDecodeError):
                pass
            finally:
                connection.close()
            time.sleep(0.02)


def totals(server):
    """The counters of `/metrics`; settled ones as one sum."""
    text = server.request("GET", "/metrics").body.decode()
    found = {"settled": 0}
    for line in text.splitlines():
        if line.startswith("swiftlet_executions_"):
            name, value = line.rsplit(" ", 1)
            if "settled" in name:
                found["settled"] += int(value)
            else:
                found[name.removeprefix("swiftlet_executions_").removesuffix("_total")] = int(value)
    return found


def assert_conserved(server):
    count = totals(server)
    assert count["accepted"] == count["queued"] + count["running"] + count["settled"], f"seed {SEED}: {count}"
    return count


def kill_something(server, chance):
    """Kills the server and starts it again, or one of its workers."""
    workers = server.workers()
    if workers and chance.random() < 0.6:
        try:
            os.kill(chance.choice(workers), signal.SIGKILL)
        except ProcessLookupError:
            pass
        return
    server.kill()
    server.start()


def test_nothing_acknowledged_is_lost_or_done_twice(start_server):
    server = start_server("--workers", "2", "--threads", "2", "--async-concurrency", "4")
    body = {"name": "work", "code": CODE, "context": "", "retry": {"attempts": 2, "backoff_ms": 20}}
    assert server.request("PUT", "/v1/functions/", body).status == 200
    chance, stop, is_full = random.Random(SEED), threading.Event(), threading.Event()
    clients = [Client(lambda: (server.url, server.token), number, stop, is_full) for number in range(4)]
    for client in clients:
        client.start()
    end = time.monotonic() + MOST_SECONDS
    kills = 0
    while kills < KILLS and time.monotonic() < end:
        time.sleep(chance.uniform(0, 0.6))
        kill_something(server, chance)
        kills += 1
        (is_full.set if assert_conserved(server)["queued"] > MOST_QUEUED else is_full.clear)()
    stop.set()
    for client in clients:
        client.join(timeout=120)
        assert not client.problems, f"seed {SEED}: {client.problems}"

    end = time.monotonic() + 120
    while (count := assert_conserved(server))["queued"] + count["running"] > 0:
        assert time.monotonic() < end, f"seed {SEED}: work does not end: {count}"
        time.sleep(0.1)
    identifiers = [each for client in clients for key in client.acknowledged.values() for each in key]
    assert len(set(identifiers)) == len(identifiers), f"seed {SEED}: two keys got one execution"
    assert count["accepted"] == count["settled"] == len(identifiers), f"seed {SEED}: {count}, told of {len(identifiers)}"
    ended = {}
    for start in range(0, len(identifiers), 500):
        for each in server.request("POST", "/v1/executions/bulk", identifiers[start : start + 500]).json:
            ended[each["uuid"]] = each
    assert len(ended) == len(identifiers), f"seed {SEED}: {len(identifiers) - len(ended)} are lost"
    for client in clients:
        for key, group in client.acknowledged.items():
            for each in group:
                assert ended[each]["status"] in FINAL, f"seed {SEED}: {ended[each]}"
                assert ended[each]["status"] != "Success" or ended[each]["output"] == key, f"seed {SEED}: {ended[each]}"
    print(f"seed {SEED}: {kills} kills, {len(identifiers)} executions")
    # A stop and another start change nothing.
    assert server.stop() == 0
    server.start()
    assert assert_conserved(server) == count


def test_a_worker_that_wakes_up_after_its_lease_cannot_settle(start_server, monkeypatch):
    monkeypatch.setenv("SWIFTLET_LEASE_SECONDS", "2")
    server = start_server("--workers", "2", "--threads", "1")
    server.deploy("work", CODE)
    for attempt in range(10):
        identifier = server.enqueue("work", {"n": 7, "seconds": 1.5})
        while server.execution(identifier)["status"] == "Pending":
            time.sleep(0.01)
        # Which of the two has it is not told: where it is the other one, it just ends. That may have all, as it knows the image.
        sleeper = server.workers()[attempt % 2]
        os.kill(sleeper, signal.SIGSTOP)
        try:
            execution = server.settled(identifier)
        finally:
            os.kill(sleeper, signal.SIGCONT)
        if execution["attempts"] > 1:
            break
    assert execution["status"] == "Success" and execution["attempts"] == 2
    end = time.monotonic() + 30
    while "came too late" not in server.log.read_text():
        assert time.monotonic() < end, "the late settlement was not refused"
        time.sleep(0.05)
    after = server.execution(identifier)
    assert after["finished"] == execution["finished"] and after["attempts"] == 2
    assert [each["status"] for each in after["history"]] == ["Failure", "Success"]
    assert "WorkerLost" in after["history"][0]["error"]
    assert_conserved(server)
