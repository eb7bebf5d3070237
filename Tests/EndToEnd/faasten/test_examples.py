"""The functions of examples/faasten do what their page says."""

from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[3] / "examples/faasten"
TABLE = "name,salary\n" + "".join(f"n{number},{number * 10}\n" for number in range(1, 7))


@pytest.fixture
def deploy(alice):
    def deploy(name, policy):
        path = f"home:<T,alice>:{name}"
        alice.register(path, policy, (EXAMPLES / name / "workload.py").read_text())
        return path

    return deploy


def test_average(deploy, alice, bob):
    gate = deploy("average", "alice,T")
    alice.put("~:salaries.csv", TABLE.encode(), "alice,alice")
    wanted = {"table": "home:<alice,alice>:salaries.csv", "column": "salary"}
    for who in (alice, bob):
        assert who.invoke(gate, wanted).json == {"rows": 6, "average": 35.0}
    assert bob.invoke("~:fsutil", {"op": "cat", "args": {"path": "home:<alice,alice>:salaries.csv"}}).status == 401


def test_guestbook(deploy, alice, bob, anybody):
    gate = deploy("guestbook", "alice,T")
    for number, (who, words) in enumerate([(alice, "hello"), (bob, "hi"), (anybody, ["x"])], start=1):
        answer = who.invoke(gate, words)
        assert (answer.status, answer.json) == (201, {"lines": number})
    read = "result = json.loads(cloudcall.fs_read('home:<T,alice>:guests'))"
    names = ["alice", "bob", "anonymous"]
    assert [line["name"] for line in bob.run(read)] == names
    assert bob.run("result = cloudcall.fs_write('home:<T,alice>:guests', b'mine')") is False


def test_gen_thumb(deploy, alice, bob, photo, look):
    gate = deploy("gen-thumb", "alice/gen-thumb,alice/gen-thumb")
    alice.put("~:original.jpg", photo, "alice,alice")
    event = {"input": "home:<alice,alice>:original.jpg", "output_dir": ":home", "sizes": [[75, 75], [100, 100]]}
    assert alice.invoke(gate, event).body == b"{}"
    assert alice.names("home:<alice,alice/gen-thumb>") == ["100-100.jpeg", "75-75.jpeg"]
    for name, size in (("75-75", [75, 70]), ("100-100", [100, 94])):
        assert look(alice.cat(f"home:<alice,alice/gen-thumb>:{name}.jpeg")) == ["JPEG", *size]
    assert bob.invoke(gate, event).status == 400
    listed = bob.invoke("~:fsutil", {"op": "list-dir", "args": {"path": "home:<alice,alice/gen-thumb>"}})
    assert (listed.status, listed.json) == (401, {"error": "unauthorized to read response"})
