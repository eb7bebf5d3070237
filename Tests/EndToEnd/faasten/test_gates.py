"""Gates and services as functions make and call them."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

ADD = "def handle(event, cloudcall): return {'sum': event['a'] + event['b'], 'label': str(cloudcall.get_current_label())}"
WHO = """
def handle(syscall, payload, headers, invoker):
    return {"payload": payload.decode(), "params": headers, "invoker": [p.tokens for p in invoker]}
"""


@pytest.fixture(scope="module")
def add(alice):
    """A package as a blob of alice's."""
    from_conftest = alice.register.__globals__["packed"]
    alice.put("~:add.zip", from_conftest(ADD), "alice,alice")
    alice.register("~:who", "alice,alice", WHO)
    return "~:add.zip"


def test_functions_make_and_call_gates(alice, add):
    program = """
        with call.fs_openblob(app) as blob, call.create_blob() as copy:
            shutil.copyfileobj(blob, copy)
            name = copy.finalize()
        made = [call.fs_creategate("~:add", "alice,alice", app, 64, "python"), call.fs_creategate("~:add", "alice,alice", app, 64),
                call.fs_creategate("~:by-hash", "alice/x,alice", name, 64, "python", event="raw"),
                call.fs_creategate("~:no", "bob,alice", app, 64, "python"),
                call.fs_creategate("~:no", "alice,alice", "~:none", 64, "python"),
                call.fs_createredirectgate("~:redirect", "alice,alice", "~:add"), call.dup_gate("~:add", "~:copy", "alice/y,alice")]
        answers = []
        for gate in ("~:add", "~:by-hash", "~:redirect", "~:copy"):
            with root.open_at(gate) as opened:
                reply = opened.invoke({"a": 1, "b": 2})
                answers.append([type(opened).__name__, reply.success, reply.status, json.loads(reply.data)["sum"], reply.fd])
        result = [made, answers]
    """
    made = [True, False, True, False, False, True, True]
    assert alice.run(program, app=add) == [made, [["Gate", True, 200, 3, None]] * 4]


def test_gates_tell_what_they_are(alice, add):
    program = """
        call.fs_creategate("~:shown", "alice/a,T", app, 64, "python", timeout=7)
        call.fs_createredirectgate("~:leads", "alice,alice", "~:shown")
        with root.open_at("~:shown") as gate, root.open_at("~:leads") as redirect:
            direct, other = gate.ls()["direct"], redirect.ls()["redirect"]
            changed = [gate.update_direct(memory=96, invoker_clearance="alice").success, gate.update_direct(privilege="bob").error,
                       gate.update_redirect(gate=redirect).success, redirect.update_direct(memory=1).success,
                       gate.update_direct(declassify="T").success]
            after = gate.ls()["direct"]
        result = [direct["privilege"], direct["invokerIntegrityClearance"], direct["function"]["memory"], direct["settings"],
                  other["target"] > 0, changed, after["function"]["memory"], after["invokerIntegrityClearance"],
                  after["function"]["runtime"]]
    """
    found = alice.run(program, app=add)
    power = {"DCFormula": [[["alice", "a"]]]}
    assert found[:5] == [power, {"DCFormula": []}, 64, {"timeout": 7}, True], found
    assert found[5][:2] == [True, "Denied"] and found[5][2:4] == [False, False], found
    assert found[6:] == [96, {"DCFormula": [[["alice"]]]}, "python"], found


def test_newer_functions_make_gates(alice, add):
    program = """
        with root.open_at(app) as image, root.open_at("~") as home:
            gate = call.dent_create_direct_gate("T,alice", "alice", "alice", 64, image, "python", None)
            redirect = call.dent_create_redirect_gate("T,alice", "alice", "alice", gate)
            denied = call.dent_create_direct_gate("T,alice", "bob", "alice", 64, image, "python", None)
            steps = [home.link(gate, "direct-2").success, home.link(redirect, "redirect-2").success, denied.error]
        with root.open_at("~:redirect-2") as gate:
            reply = gate.invoke(json.dumps({"a": 2, "b": 3}), toblob=True)
            with call.open_blob(reply.fd) as body:
                steps.append([reply.data == b"", json.load(body)["sum"]])
        result = steps
    """
    assert alice.run(program, app=add) == [True, True, "Denied", [True, 5]]


def test_a_directory_can_be_a_function(alice, add):
    program = """
        call.fs_createdir("~:parts")
        call.fs_createfile("~:parts:memory")
        call.fs_write("~:parts:memory", (64).to_bytes(8, "big"))
        with call.create_blob("~:parts:runtime") as blob:
            blob.finalize(b"ignored")
        steps = [call.fs_createredirectgate("~:parts-gate", "alice,alice", "~:parts")]
        with root.open_at("~:parts-gate") as gate:
            steps.append(gate.invoke({"a": 1, "b": 2}).error)
            call.fs_hardlink(app, "~:parts:app")
            steps.append(json.loads(gate.invoke({"a": 1, "b": 2}).data)["sum"])
        result = steps
    """
    assert alice.run(program, app=add) == [True, "DoesNotExist", 3]


def test_params_and_invokers_of_nested_calls(alice, add):
    program = """
        with root.open_at("~:who") as gate:
            result = json.loads(gate.invoke("a payload", params={"k": "v"}).data)
    """
    assert alice.run(program) == {"payload": "a payload", "params": {"k": "v"}, "invoker": [["alice"]]}


def test_asynchronous_calls(alice, add, server):
    program = """
        with root.open_at("~:who") as gate:
            reply = gate.invoke("later", sync=False)
        result = [reply.success, reply.invocation_id, call.invoke("who", "x"),
                  call.invoke("~:none", "x"), call.invoke("none", "x")]
    """
    success, identifier, *rest = alice.run(program)
    assert success and identifier and rest == [True, False, False]
    program = "reply = call.invocation_result(id)\nresult = reply and [reply.status, json.loads(reply.data)['payload']]"
    server.wait_for(lambda: alice.run(program, id=identifier))
    assert alice.run(program, id=identifier) == [200, "later"]
    assert alice.run(program, id="nonsense") is None and alice.run(program, id=None) is None
    started = alice.invoke("~:who", "over HTTP", Prefer="respond-async")
    assert started.status == 202
    path = f"/faasten/invocations/{started.json['invocation']}"
    server.wait_for(lambda: alice.request("GET", path).status != 202)
    assert alice.request("GET", path).json["payload"] == '"over HTTP"'


def test_loops_end(alice, lab):
    program = """
        call.fs_createredirectgate("~:loop-a", "alice,alice", "~:who")
        call.fs_createredirectgate("~:loop-b", "alice,alice", "~:loop-a")
        with root.open_at("~:loop-a") as a, root.open_at("~:loop-b") as b:
            result = [a.update_redirect(gate=b).success, a.invoke().error, b.invoke().error]
    """
    assert alice.run(program) == [True, "GateLoop", "GateLoop"]


def test_calls_do_not_recurse_forever(alice):
    source = """
        def handle(syscall, payload):
            with syscall.root().open_at('~:again') as gate:
                return str(gate.invoke().success)
    """
    alice.register("~:again", "alice,alice", {"workload.py": source})
    answer = alice.invoke("~:again", {})
    assert answer.status == 200 and answer.body in (b"True", b"False")


def test_clearance_decides_who_calls(alice, bob):
    alice.register("home:<T,alice>:hers", "alice,alice", ADD)
    alice.register("home:<T,alice>:ours", "alice/shared,alice|bob", ADD)
    payload = {"a": 1, "b": 1}
    assert alice.invoke("home:<T,alice>:hers", payload).status == 200
    assert bob.invoke("home:<T,alice>:hers", payload).status == 400
    assert bob.invoke("home:<T,alice>:ours", payload).json["sum"] == 2
    program = """
        answers = []
        for name in ("hers", "ours"):
            with root.open_at("home:<T,alice>:" + name) as gate:
                reply = gate.invoke({"a": 1, "b": 1})
                answers.append([reply.success, reply.error])
        result = answers
    """
    assert bob.run(program) == [[False, "Denied"], [True, None]]


def test_declassify_caps_what_a_result_sheds(alice, bob):
    alice.run("call.fs_createfile('~:number'); call.fs_write('~:number', b'7')")
    reads = "def handle(event, cloudcall): return int(cloudcall.fs_read('home:<alice,alice>:number')) % 2"
    alice.register("home:<T,alice>:parity", "alice,T", reads)
    assert bob.invoke("home:<T,alice>:parity", {}).json == 1
    program = """
        with root.open_at("home:<T,alice>:parity") as gate:
            result = gate.update_direct(declassify="alice/none").success
    """
    assert alice.run(program) is True
    assert bob.invoke("home:<T,alice>:parity", {}).status == 401
    assert alice.invoke("home:<T,alice>:parity", {}).json == 1


class Web(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        said = json.dumps({"path": self.path, "verb": self.command, "body": body, "key": self.headers["X-Key"]})
        self.send_response(201)
        self.send_header("Content-Length", str(len(said)))
        self.send_header("X-Seen", "yes")
        self.end_headers()
        self.wfile.write(said.encode())

    do_GET = do_PUT = do_POST

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def web():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_services(web, launch, person, lab):
    server = launch("--allow-http", web, "--allow-private-http")
    alice = person(server, "alice")
    alice.register("~:lab", "alice,alice", lab)
    program = """
        url = f"http://{web}"
        made = [call.fs_createservice("~:svc", "alice,alice", "T,web", url + "/{who}?q={q}", "POST", '{"x-key": "secret"}'),
                call.fs_createservice("~:weak", "T,T", "T,T", url + "/", "GET"),
                call.fs_createservice("~:away", "alice,alice", "T,T", "http://203.0.113.9/", "GET"),
                call.fs_createservice("~:no", "bob,alice", "T,T", url, "GET")]
        with root.open_at("~:svc") as service:
            reply = service.invoke(b"body", params={"who": "a b", "q": "x&y"})
            told = [type(service).__name__, reply.success, reply.status, json.loads(reply.data), reply.headers["x-seen"].decode()]
            shown = [hasattr(service, "ls"), call.fs_read("~:svc")]
        newer = call.dent_create_service("T,alice", "alice", "alice", "T,T", url + "/newer", "put", {"x-key": b"k"})
        reply = syscalls.Service(newer.fd, newer.kind).invoke("direct", toblob=True)
        with call.open_blob(reply.fd) as body:
            told.append(json.load(body))
        sent = call.invoke_service("~:svc", {"a": 1})
        weak, away = call.invoke_service("~:weak", {}), call.invoke_service("~:away", {})
        body = json.loads(sent.data)["body"] if sent.data else sent.error
        result = [made, told, shown, body, [weak.success, weak.status, weak.error], [away.success, away.status]]
    """
    made, told, shown, sent, weak, away = alice.run(program, web=web)
    assert made == [True, True, True, False]
    said = {"path": "/a%20b?q=x%26y", "verb": "POST", "body": "body", "key": "secret"}
    assert told[:3] == ["Service", True, 201] and told[4] == "yes" and told[3] == said, told
    assert told[5] == {"path": "/newer", "verb": "PUT", "body": "direct", "key": "k"}
    assert shown == [False, None] and weak == [False, 0, "Denied"] and away == [False, 0]
    assert sent in ('{"a": 1}', "Malformed")
