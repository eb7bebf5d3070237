"""Loading and calling handlers: contracts, events, results, limits, isolation, logs, over HTTP."""

import hashlib
import json

import pytest

SHAPES = {
    "seed": ("def handle(event, cloudcall): return [event, type(cloudcall).__name__]", [{"input": 1}, "CloudCall"]),
    "oldest": ("def handle(req, syscall): return [req, syscall.write_key('a/b', 'v'), syscall.read_key('a/b').decode()]",
               [{"input": 1}, True, "v"]),
    "listed": ("def handle(req, syscall): return syscall.fs_createdir(['~', 'a:b']) and syscall.fs_list(['~', 'a:b'])", {"names": []}),
    "newer": ("from syscalls import ResponseDict as R\ndef handle(s, payload, **more): return R([payload.decode(), sorted(more)], 201)",
              ['{"input": 1}', ["blobs", "headers", "invoker"]]),
    "plain": ("def handle(event): return event", {"input": 1}),
    "stars": ("def handle(*a): return len(a)", 2),
    "async": ("async def handle(event, cloudcall): return 5", 5),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_all_generations_of_handlers_run(alice, shape):
    source, answer = SHAPES[shape]
    alice.register(f"~:shape-{shape}", "alice,alice", source)
    found = alice.invoke(f"~:shape-{shape}", b'{"input": 1}')
    assert (found.status, found.json) == (201 if shape == "newer" else 200, answer), found
    assert found.headers["content-type"] == "application/octet-stream"
    assert found.headers["x-faasten-invocation"] and int(found.headers["x-faasten-duration-ns"]) > 0


ECHO = "def handle(event, cloudcall): return event"
EVENTS = [
    ("auto", {"input": 1, "x": 2}, {"input": 1, "x": 2}), ("auto", {"x": 2}, {"x": 2, "input": {"x": 2}}), ("auto", [1], {"input": [1]}),
    ("wrapped", {"input": 1}, {"input": {"input": 1}}), ("raw", {"x": 1}, {"x": 1}), ("raw", 5, 5),
]  # fmt: skip


@pytest.mark.parametrize(("style", "payload", "event"), EVENTS)
def test_event_styles(alice, style, payload, event):
    alice.register("~:echo", "alice,alice", ECHO, event=style)
    assert alice.invoke("~:echo", payload).json == event
    # Payloads that functions send are the event as they are.
    program = "with root.open_at('~:echo') as gate:\n    result = json.loads(gate.invoke(payload).data)"
    assert alice.run(program, payload=payload) == payload


def test_uploads_reach_both_contracts(alice):
    files = {"a.txt": b"first", "b.bin": bytes(range(256)) * 1000}
    alice.register("~:echo", "alice,alice", ECHO)
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    answer = alice.invoke("~:echo", {"x": 1}, files)
    assert answer.json == {"x": 1, "input": {"x": 1}, "input-blob": hashes["a.txt"], "input-blobs": hashes}
    newer = """
        import hashlib
        def handle(syscall, blobs, payload):
            found = {}
            for name, handle in blobs.items():
                with syscall.open_blob(handle) as blob:
                    found[name] = hashlib.sha256(blob.read()).hexdigest()
            return found
    """
    alice.register("~:newer", "alice,alice", {"workload.py": newer})
    assert alice.invoke("~:newer", {}, files).json == hashes


def test_headers_and_invokers(alice, bob, anybody):
    source = """
        def handle(syscall, headers, invoker):
            return {"headers": headers, "invoker": [p.tokens for p in invoker]}
    """
    alice.register("home:<T,alice>:who", "T,T", {"workload.py": source})
    for who, tokens in ((alice, [["alice"]]), (bob, [["bob"]]), (anybody, [])):
        answer = who.invoke("home:<T,alice>:who", {}, X_Some="Thing")
        assert answer.status == 200, answer
        assert answer.json["invoker"] == tokens and answer.json["headers"]["x-some"] == "Thing"
        assert "authorization" not in answer.json["headers"]


def test_statuses_pass_through(alice):
    source = """
        import syscalls
        class Own(syscalls.Response):
            def body_to_bytes(self): return bytes([255, 0])
            def status_code(self): return 418
        KINDS = {
            "own": Own(), "str": syscalls.ResponseStr("ü", 404), "raw": syscalls.ResponseRaw(b"\\xff", 500),
            "dict": {"a": [None]}, "bytes": b"x",
        }
        def handle(syscall, payload): return KINDS[payload.decode().strip('"')]
    """
    alice.register("~:kinds", "alice,alice", {"workload.py": source})
    expected = {
        "own": (418, b"\xff\0"), "str": (404, "ü".encode()), "raw": (500, b"\xff"), "dict": (200, b'{"a": [null]}'), "bytes": (200, b"x"),
    }  # fmt: skip
    for kind, answer in expected.items():
        found = alice.invoke("~:kinds", kind)
        assert (found.status, found.body) == answer


def test_errors_may_have_a_status(alice):
    alice.register("~:fails", "alice,alice", "def handle(event): return object()", errors=500)
    answer = alice.invoke("~:fails", {})
    assert (answer.status, answer.json["error"]["type"]) == (500, "<class 'TypeError'>")
    assert answer.headers["x-faasten-function-error"] == "1"


def test_a_contract_can_be_forced(alice):
    source = "def handle(event, payload): return [event, type(payload).__name__]"
    alice.register("~:forced", "alice,alice", source, api="g1", event="raw")
    assert alice.invoke("~:forced", 1).json == [1, "CloudCall"]


def test_strict_gates_raise(alice):
    source = """
        import syscalls
        def handle(event, cloudcall):
            try:
                return cloudcall.fs_read("~:none")
            except syscalls.CloudCallError as error:
                return error.code
    """
    for strict, answer in ((False, None), (True, "DoesNotExist")):
        alice.register("~:strict", "alice,alice", {"workload.py": source}, strict=strict)
        assert alice.invoke("~:strict", {}).json == answer


def test_every_call_starts_from_the_image(alice):
    source = """
        import os, tempfile
        seen = []
        place = os.path.join(tempfile.gettempdir(), "note")
        with open(place, "w") as file:
            file.write("from the import")
        def handle(event, cloudcall):
            with open(place) as file:
                found = file.read()
            with open(place, "w") as file:
                file.write("from a call")
            seen.append(1)
            try:
                open("/srv/workload.py", "a")
                return "writable"
            except OSError:
                return [len(seen), found]
    """
    alice.register("~:image", "alice,alice", {"workload.py": source})
    assert [alice.invoke("~:image", {}).json for _ in range(3)] == [[1, "from the import"]] * 3


def test_packages_have_modules_and_dependencies(alice):
    files = {
        "workload.py": "import helper, dep, lib_only as l\ndef handle(event): return [helper.A, dep.B, l.C, open('/srv/data.txt').read()]",
        "helper.py": "A = 1", "package/dep/__init__.py": "B = 2", "lib/lib_only.py": "C = 3", "data.txt": "data",
        "syscalls.py": "raise RuntimeError('not this one')",
    }  # fmt: skip
    alice.register("~:package", "alice,alice", files)
    assert alice.invoke("~:package", {}).json == [1, 2, 3, "data"]


def test_what_cannot_be_launched_says_why(alice):
    broken = [("x = 1", "handle"), ("import nothing_like_it", "nothing_like_it"), ("def handle(:", "SyntaxError")]
    for number, (source, word) in enumerate(broken):
        path = f"~:broken-{number}"
        alice.register(path, "alice,alice", source)
        answer = alice.invoke(path, {})
        assert answer.status == 500 and answer.json["error"] == "failed to launch the function", answer
        assert word in answer.json["detail"]


def test_a_package_without_a_workload_is_refused(alice):
    with pytest.raises(AssertionError, match="success"):
        alice.register("~:empty", "alice,alice", {"other.py": "x = 1"})
    assert alice.invoke("~:empty", {}).status == 400


def test_the_platform_can_be_used_at_import(alice):
    source = "import faasten\nlabel = str(faasten.syscall.get_current_label())\ndef handle(event): return label"
    alice.register("~:early", "alice,alice", source)
    assert alice.invoke("~:early", {}).json == str(alice.run("result = str(cloudcall.get_current_label())"))


def test_limits(alice):
    source = """
        import time
        def handle(event, cloudcall):
            if event["do"] == "sleep":
                time.sleep(60)
            data = []
            try:
                while True:
                    data.append(bytearray(16 << 20))
            except MemoryError:
                return len(data)
    """
    alice.register("~:limits", "alice,alice", {"workload.py": source}, memory=128, timeout=1)
    answer = alice.invoke("~:limits", {"do": "sleep"})
    assert (answer.status, answer.json) == (504, {"error": "timeout"})
    answer = alice.invoke("~:limits", {"do": "eat"})
    assert answer.status == 200 and 1 <= answer.json <= 8


def test_other_modules_find_the_calls(alice):
    files = {
        "workload.py": "import deep\ndef handle(event): return deep.read(event['path'])",
        "deep.py": "import faasten\ndef read(path): return str(faasten.syscall.fs_list(path)['names'])",
    }
    alice.register("~:deep", "alice,alice", files)
    assert alice.invoke("~:deep", {"path": "%:nothing"}).json["error"]["type"] == "<class 'KeyError'>"
    assert "deep" in alice.invoke("~:deep", {"path": "~"}).json


def test_what_is_printed_is_logged(alice, bob):
    source = "def handle(event, cloudcall):\n    print('said so')\n    return cloudcall.fs_createfile('home:<T,bob>:x')"
    alice.register("~:talks", "alice,alice", source)
    assert alice.invoke("~:talks", {}).json is False
    answer = alice.request("GET", "/faasten/logs/~:talks")
    assert answer.status == 200, answer
    lines = [json.loads(line) for line in answer.body.splitlines()]
    assert "said so" in [line["text"].rstrip("\n") for line in lines if line["stream"] == "stdout"]
    refused = bob.request("GET", "/faasten/logs/home:<alice,alice>:talks".replace("<", "%3C").replace(">", "%3E"))
    assert refused.status != 200 or refused.body == b""


def test_malformed_requests(alice, anybody):
    assert alice.invoke("~:lab", b"{").status == 400
    assert alice.invoke("~:lab", {}, X_Faasten_Label="a").status == 400
    assert alice.invoke("~:lab", {}, Content_Type="text/plain").status == 415
    missing, forbidden = alice.invoke("~:none", {}), anybody.invoke("home:<alice,alice>:lab", {})
    assert missing.status == forbidden.status == 400 and missing.json == forbidden.json
