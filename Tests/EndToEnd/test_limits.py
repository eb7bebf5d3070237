"""What a call may use is bounded, and the user is told which bound was reached."""

import time

import pytest


@pytest.mark.parametrize(
    "statement",
    [
        "while True: pass",
        "import re; re.match(r'(a+)+$', 'a' * 40 + 'b')",
        "10 ** 10 ** 8",
        "sorted(range(10 ** 7), key=lambda x: -x)",
        "import time; time.sleep(100)",
        "while True:\n        try:\n            while True: pass\n        except BaseException: pass",
    ],
)
@pytest.mark.parametrize("limit", ["wallTimeMilliseconds", "cpuTimeMilliseconds"])
def test_what_never_ends_is_ended(server, statement, limit):
    if "sleep" in statement and limit == "cpuTimeMilliseconds":
        pytest.skip("sleeping takes no processor time")
    server.deploy("endless", f"def main(args, context):\n    {statement}\n", **{limit: 300})
    start = time.monotonic()
    answer = server.call("endless")
    elapsed = time.monotonic() - start
    assert answer.status == 504, answer.body
    assert elapsed < 20  # generous: the machine that tests run on may be busy


def test_a_time_limit_gives_a_traceback_where_there_can_be_one(server):
    server.deploy("loops", "def main(args, context):\n    while True:\n        pass\n", wallTimeMilliseconds=200)
    answer = server.call("loops")
    assert answer.status == 504 and "in main" in answer.json["server_traceback"]


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"wallTimeMilliseconds": 10**9}, "between 10 and 900000 milliseconds"),
        ({"memoryBytes": "much"}, "whole number"),
        ({"speed": 1}, "no limit `speed`"),
    ],
)
def test_limits_that_make_no_sense_are_refused_with_a_sentence(server, limits, words):
    answer = server.create("senseless", "def main(args, context): pass\n", **limits)
    assert answer.status == 400 and words in answer.json["message"], answer.body


@pytest.mark.parametrize(
    "body",
    [
        "return open('/etc/shadow').read()",
        "return open('../../../../etc/shadow').read()",
        "return open('/proc/self/environ').read()",
    ],
)
def test_host_files_do_not_exist(server, body):
    server.deploy("files", f"def main(args, context):\n    {body}\n")
    answer = server.call("files")
    assert answer.status == 500 and answer.json["message"].startswith("FileNotFoundError")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("import socket; socket.socket().bind(('127.0.0.1', 80))", "no network sockets"),
        ("import subprocess; subprocess.run(['ls'])", "processes cannot be started"),
        ("import ctypes", "machine code"),
        ("import threading; threading.Thread(target=print).start()", "threads cannot be started"),
    ],
)
def test_what_a_sandbox_cannot_do_says_what_to_do_instead(server, statement, expected):
    server.deploy("cannot", f"def main(args, context):\n    {statement}\n")
    answer = server.call("cannot")
    assert answer.status == 500 and expected in answer.json["message"]


def test_a_memory_bomb_ends_in_a_memory_error(server):
    server.deploy("bomb", "def main(args, context):\n    x = []\n    while True: x.append(bytearray(10 << 20))\n")
    answer = server.call("bomb")
    assert answer.status == 500 and "MemoryError" in answer.json["message"]
    server.deploy("after", "def main(args, context): return 1\n")
    assert server.call("after").json == 1


def test_deep_recursion_is_an_error_of_the_user(server):
    server.deploy("deep", "def f(n): return f(n + 1)\ndef main(args, context): return f(0)\n")
    answer = server.call("deep")
    assert answer.status == 500 and "RecursionError" in answer.json["message"]
    server.deploy("nested", "import json\ndef main(args, context): return json.loads('[' * 100000)\n")
    assert "RecursionError" in server.call("nested").json["message"]


def test_an_output_beyond_its_limit_is_cut_with_a_sentence(server):
    server.deploy("long", "def main(args, context): return 'x' * (7 << 20)\n")
    answer = server.call("long")
    assert answer.status == 500 and "limit of 6291456 bytes" in answer.json["message"]


def test_an_import_that_never_ends_is_refused(server):
    start = time.monotonic()
    answer = server.create("never_imports", "while True: pass\ndef main(args, context): pass\n")
    assert answer.status == 400 and "TimeoutError" in answer.json["message"]
    assert time.monotonic() - start < 100


def test_a_cancelled_run_ends_at_once(server):
    server.deploy("loop", "def main(args, context):\n    while True: pass\n")
    identifier = server.enqueue("loop")
    end = time.monotonic() + 20
    while server.execution(identifier)["status"] != "Started" and time.monotonic() < end:
        time.sleep(0.02)
    assert server.request("DELETE", f"/v1/executions/{identifier}").status == 200
    assert server.settled(identifier, 10)["status"] == "Cancelled"
