"""What making a gate does to its function, and what of it outlives the server."""

import pytest

SIX = {"workload.py": "import six\ndef handle(event): return six.__version__", "requirements.txt": "six"}
NATIVE = {"workload.py": "import numpy\ndef handle(event): return 1", "requirements.txt": "numpy"}
# Waits until the file `go` is there.
WAIT = """
def handle(event, cloudcall):
    while cloudcall.fs_read("~:go") is None:
        pass
    with cloudcall.open_blob(event["input-blob"]) as blob:
        return [event["n"], blob.read().decode(), str(cloudcall.get_current_label())]
"""


def make(person, path, files, **arguments):
    package = person.register.__globals__["packed"](files)
    arguments = {"policy": f"{person.name},{person.name}", "memory": 64, "runtime": "python", **arguments}
    return person.fsutil("create-gate", {"f.zip": package}, path=path, **arguments)


def test_a_dependency_of_machine_code_is_refused_by_name(alice):
    refused = make(alice, "~:native", NATIVE)
    assert (refused["success"], refused["error"]) == (False, "Malformed") and "`numpy`" in refused["detail"]
    assert "native" not in alice.names("~")
    assert make(alice, "~:six", SIX)["success"]
    assert make(alice, "~:six", NATIVE, replace=True)["error"] == "Malformed"
    assert alice.invoke("~:six", {}).json.startswith("1.")


def test_a_runtime_that_there_is_not_is_refused_by_name(alice):
    assert "`ruby`" in make(alice, "~:ruby", "def handle(event): return 1", runtime="ruby")["detail"]


def test_a_function_is_imported_when_its_gate_is_made(alice, server):
    images = server.data / "images"
    before = set(images.rglob("*"))
    assert make(alice, "~:fresh", "import colorsys\ndef handle(event): return 'fresh'")["success"]
    server.wait_for(lambda: set(images.rglob("*")) - before)
    assert alice.invoke("~:fresh", {}).json == "fresh"


@pytest.mark.parametrize("is_killed", [True, False])
def test_acknowledged_calls_outlive_the_server(start_server, person, lab, is_killed):
    server = start_server("--workers", "1", "--threads", "2", "--async-concurrency", "2")
    owner = person(server, "owner")
    owner.register("~:lab", "owner,owner", lab)
    owner.register("~:wait", "owner,owner", WAIT, event="raw")
    paths = []
    for number in range(5):
        started = owner.invoke("~:wait", {"n": number}, {"note": f"file {number}".encode()}, Prefer="respond-async")
        assert started.status == 202, started
        paths.append(f"/faasten/invocations/{started.json['invocation']}")
    if is_killed:
        server.kill()
        server.start()
        assert all(owner.request("GET", path).status == 202 for path in paths)
        owner.run("result = call.fs_createfile('~:go')")
    else:
        # What runs is let end; what waits is left to the next server.
        owner.run("result = call.fs_createfile('~:go')")
        server.stop()
        server.start()
    for number, path in enumerate(paths):
        server.wait_for(lambda path=path: owner.request("GET", path).status != 202)
        answer = owner.request("GET", path)
        assert (answer.status, answer.json) == (200, [number, f"file {number}", "owner,T"]), answer
    server.kill()
    server.start()
    assert [owner.request("GET", path).json[0] for path in paths] == [0, 1, 2, 3, 4]
