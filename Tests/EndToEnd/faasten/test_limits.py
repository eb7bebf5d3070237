"""What an owner may keep, and how many calls of a gate run at one time."""

import threading

import pytest

QUOTA = 200_000

TURN = """
def handle(event, cloudcall):
    path = "~:turns:log"
    if event["name"] == "first":
        cloudcall.fs_createfile("~:turns:first-runs")
        while cloudcall.fs_read("~:turns:go") is None:
            pass
    seen = cloudcall.fs_read(path).decode()
    cloudcall.fs_write(path, seen + event["name"] + " ")
    return seen
"""


@pytest.fixture(scope="module")
def saver(launch, person, lab):
    """A user of a server where little may be kept."""
    user = person(launch("--owner-quota-bytes", str(QUOTA)), "saver")
    user.register("~:lab", "saver,saver", lab)
    return user


def test_nobody_keeps_more_than_the_quota(saver):
    program = """
        import syscalls
        half = bytes(80_000)
        result = [call.fs_createfile("~:f"), call.fs_write("~:f", half), call.fs_write("~:f", half), call.fs_write("~:f", bytes(300_000))]
        result.append(len(call.fs_read("~:f")))
        blob = call.create_blob()
        result += [blob.write(bytes(10)), blob.write(bytes(150_000)), blob.tell()]
        try:
            blob.finalize()
        except syscalls.CreateBlobError as error:
            result.append(error.code)
        blob.close()
        with call.create_blob("~:b") as blob:
            blob.finalize(bytes(60_000))
            result.append(blob.linked)
        count = 0
        while call.fs_createdir(f"~:d{count}"):
            count += 1
        result += [0 < count < 400, call.fs_delete("~:f"), call.fs_delete("~:b"), call.fs_read("~:f")]
    """
    assert saver.run(program) == [True, True, True, False, 80_000, 10, 0, 10, "QuotaExceeded", True, True, True, True, None]


def test_uploads_count_too(saver):
    answer = saver.invoke("~:lab", {"program": "result = sorted(event)"}, {"large": bytes(QUOTA)})
    assert (answer.status, answer.json) == (500, {"error": "resource exhausted"})


def test_calls_of_a_gate_wait_for_their_turn(alice):
    assert alice.run("result = [call.fs_createdir('~:turns'), call.fs_createfile('~:turns:log')]") == [True, True]
    alice.register("~:one-by-one", "alice,alice", TURN, concurrency=1, event="raw")
    answers = {}

    def invoke(name):
        answers[name] = alice.invoke("~:one-by-one", {"name": name})

    first = threading.Thread(target=invoke, args=("first",))
    first.start()
    while "first-runs" not in (alice.names("~:turns") or ()):
        pass
    others = [threading.Thread(target=invoke, args=(name,)) for name in ("second", "third")]
    for thread in others:
        thread.start()
    # Other gates of the same function's owner need not wait.
    assert alice.run("result = call.fs_createfile('~:turns:go')") is True
    for thread in (first, *others):
        thread.join()
    assert all(answer.status == 200 for answer in answers.values()), answers
    assert answers["first"].json == ""
    assert sorted(answers[name].json.split() for name in ("second", "third"))[0] == ["first"]
    assert [len(answers[name].json.split()) for name in ("second", "third")] in ([1, 2], [2, 1])
