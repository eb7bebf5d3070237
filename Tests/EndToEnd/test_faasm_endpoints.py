"""Upload, planner JSON, worker JSON and the URL of a function, over the real program."""

from __future__ import annotations

import base64
import json
import socket

import pytest

ECHO = """
    from pyfaasm.core import *
    def child(data): write_output(data)
    def both(data):
        write_output(await_call_output(chain(child, data))[1])
    def faasm_main():
        print("printed")
        write_output(read_input())
    def fails(data):
        raise KeyError("why")
"""


@pytest.fixture(scope="module")
def faasm(launch):
    client = launch("--faasm-upload", "off", "--faasm-invoke", "0", "--faasm-cors").faasm()
    client.upload("echo", ECHO)
    return client


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


# Planner JSON


def test_a_batch_is_run_and_its_status_is_held(faasm) -> None:
    messages = [{"py_user": "python", "py_func": "echo", "input_data": encoded(text)} for text in (b"one", b"two")]
    answer = faasm.execute(123456, *messages)
    assert (answer.status, answer.json) == (200, {"appId": 123456})
    done = faasm.finished(123456, 2)
    assert list(done) == ["appId", "finished", "messageResults"]
    first = done["messageResults"][0]
    assert [result["output_data"] for result in done["messageResults"]] == ["one", "two"]
    assert {key: first[key] for key in ("id", "appId", "user", "function", "python", "py_user", "py_func")} == {
        "id": 1, "appId": 123456, "user": "python", "function": "py_func", "python": True, "py_user": "python",
        "py_func": "echo",
    }  # fmt: skip
    assert "returnValue" not in first and int(first["finish_ts"]) >= int(first["start_ts"])
    allowed = {
        "id", "appId", "appIdx", "mainHost", "type", "user", "function", "input_data", "output_data", "funcPtr",
        "returnValue", "snapshotKey", "start_ts", "finish_ts", "resultKey", "executesLocally", "statusKey",
        "executedHost", "python", "py_user", "py_func", "pythonEntry", "groupId", "groupIdx", "groupSize", "mpi",
        "mpiWorldId", "mpiRank", "mpi_world_size", "cmdline", "record_exec_graph", "chainedMsgIds",
        "intExecGraphDetails", "execGraphDetails", "isOmp", "ompNumThreads",
    }  # fmt: skip
    assert set(first) <= allowed


def test_the_clients_calls_come_before_chained_ones(faasm) -> None:
    faasm.execute(
        200001,
        {"id": 77, "py_func": "echo", "pythonEntry": "both", "input_data": encoded(b"x"), "record_exec_graph": True},
        {"id": 78, "py_func": "echo", "pythonEntry": "both", "inputData": encoded(b"y").rstrip("=")},
    )
    results = faasm.finished(200001, 2)["messageResults"]
    assert [result["id"] for result in results[:2]] == [77, 78]
    assert sorted(result["output_data"] for result in results) == ["x", "x", "y", "y"]
    assert all(result["id"] >= 1000000 for result in results[2:])
    assert results[0]["chainedMsgIds"] == [1000000] and "chainedMsgIds" not in results[1]
    graph = faasm.plan("GET_EXEC_GRAPH", {"appId": 200001, "id": 77}).json
    assert graph["root"]["msg"]["id"] == 77
    assert [node["msg"]["pythonEntry"] for node in graph["root"]["chained"]] == ["child"]
    assert "chained" not in graph["root"]["chained"][0]
    answer = faasm.plan(7, {"appId": 200001, "id": 5})
    assert (answer.status, answer.body) == (500, b"Failed getting exec. graph!")


def test_failures_and_bytes_in_results(faasm) -> None:
    faasm.execute(
        200002, {"py_func": "echo", "pythonEntry": "fails"}, {"py_func": "echo", "input_data": encoded(b"\xff\0")}
    )
    failed, bytes_ = faasm.finished(200002, 2)["messageResults"]
    assert failed["returnValue"] == 1
    assert failed["output_data"].startswith("Call failed (return value=1)\nTraceback")
    assert "KeyError: 'why'" in failed["output_data"]
    assert base64.b64decode(bytes_["output_data"]) == b"\xff\0"
    assert bytes_["execGraphDetails"] == {"output_encoding": "base64"}


def test_apps_outlive_the_server(start_server) -> None:
    server = start_server("--faasm-upload", "off")
    faasm = server.faasm()
    faasm.upload("echo", ECHO)
    faasm.execute(300001, {"py_func": "echo", "input_data": encoded(b"still here")})
    faasm.finished(300001)
    server.kill()
    server.start()
    again = server.faasm()
    assert again.finished(300001)["messageResults"][0]["output_data"] == "still here"
    assert again.plan(1).body == b"Planner fully reset!"
    assert again.plan(11, {"appId": 300001}).body == b"App not registered in results"


def test_an_app_may_be_used_again(faasm) -> None:
    for text in ("first", "second"):
        faasm.execute(200003, {"py_func": "echo", "input_data": encoded(text.encode())})
        assert [result["output_data"] for result in faasm.finished(200003)["messageResults"]] == [text]


@pytest.mark.parametrize(
    ("kind", "payload", "status", "body"),
    [
        (2, None, 200, "Flushed available hosts!"), ("FLUSH_EXECUTORS", None, 200, "Flushed executors!"),
        (4, None, 200, "Flushed scheduling state!"), (12, {}, 200, "Decision pre-loaded to planner"),
        (14, None, 200, "bin-pack"), (15, {"vmIps": []}, 400, "Next evicted VM must only be set in 'spot' policy"),
        (13, "odd", 400, "Unrecognised policy name: odd"), (13, "compact", 200, "Policy set correctly"),
        (14, None, 200, "compact"), (13, "bin-pack", 200, "Policy set correctly"),
        (11, {"appId": 4}, 500, "App not registered in results"), (99, None, 400, "Unrecognised message type"),
        (10, "{", 400, "Bad JSON in body's payload"), (10, {"user": "a"}, 400, "Bad BatchExecRequest"),
    ],
)  # fmt: skip
def test_other_planner_messages(faasm, kind: int | str, payload: object, status: int, body: str) -> None:
    answer = faasm.plan(kind, payload)
    assert (answer.status, answer.body.decode()) == (status, body)


def test_hosts_and_configuration(faasm) -> None:
    (host,) = faasm.plan(5).json["hosts"]
    assert host["slots"] > 0 and int(host["registerTs"]["epochMs"]) > 0
    assert set(faasm.plan(6).json) == {"ip", "hostTimeout", "numThreadsHttpServer"}
    assert faasm.plan(8).json == {}


def test_bad_requests(faasm) -> None:
    for body, told in ((b"", b"Empty request"), (b"{", b"Bad JSON in request body"), (b"[]", b"Bad JSON in request body")):
        answer = faasm.request("POST", "/", body)
        assert (answer.status, answer.body) == (400, told)


def test_the_other_listener_takes_any_path(faasm) -> None:
    other = faasm.server.listener("faasm-invoke")
    for path in ("/", "/f", "/any/path"):
        assert other.request("POST", path, b'{"http_type": 3}').body == b"Flushed executors!"


# Worker JSON


def legacy(faasm, **members: object) -> tuple[int, bytes]:
    answer = faasm.request("POST", "/", json.dumps(members).encode(), Host="faasm-worker.faasm.example.com")
    return answer.status, answer.body


def test_worker_json(faasm) -> None:
    call = {"user": "python", "function": "py_func", "python": True, "py_user": "python", "py_func": "echo"}
    assert legacy(faasm, **call, input_data="plain") == (200, b"plain")
    assert legacy(faasm, user="python", function="echo", input_data="plain") == (200, b"plain")
    status, body = legacy(faasm, **call, py_entry="fails")
    assert status == 500 and body.startswith(b"Call failed (return value=1)\nTraceback")
    status, body = legacy(faasm, **call, input_data="later", **{"async": True})
    assert status == 200
    faasm.finished(int(body))
    assert legacy(faasm, id=int(body), status=True) == (200, b"SUCCESS: later")
    status, graph = legacy(faasm, id=int(body), exec_graph=True)
    assert json.loads(graph)["root"]["msg"]["output_data"] == "later"
    status, body = legacy(faasm, **call, py_entry="fails", **{"async": True})
    faasm.finished(int(body))
    status, body = legacy(faasm, id=int(body), status=True)
    assert status == 500 and body.startswith(b"FAILED: Call failed")


def test_worker_json_that_is_refused(faasm) -> None:
    assert legacy(faasm, type=3) == (200, b"Flush sent")
    assert legacy(faasm, flush=True) == (200, b"Flush sent")
    assert legacy(faasm, function="x") == (400, b"Empty user")
    assert legacy(faasm, user="x") == (400, b"Empty function")
    assert legacy(faasm, user="python", function="nobody")[0] == 404
    assert legacy(faasm, id=12345, status=True)[0] == 404
    call = {"user": "python", "function": "echo"}
    assert legacy(faasm, **call, **{"async": "maybe"}) == (400, b"`async` must be true or false.")
    assert legacy(faasm, **call, input_data=5) == (400, b"`input_data` must be a string.")
    assert legacy(faasm, **call, mpi_world_size="many") == (400, b"`mpi_world_size` must be a whole number.")
    assert legacy(faasm, **call, mpi=None, mpi_world_size="5", sgx=False)[0] == 200


@pytest.mark.parametrize("field", [{"input_data": 5}, {"python": "yes"}, {"id": "x"}, {"cmdline": []}])
def test_batches_with_fields_of_another_kind_are_refused(faasm, field: dict[str, object]) -> None:
    answer = faasm.execute(700, {"py_func": "echo", **field})
    assert (answer.status, answer.body) == (400, b"Bad BatchExecRequest")


@pytest.mark.parametrize(("kind", "status"), [(0, 200), ("FUNCTIONS", 200), (None, 200), (1, 400), ("THREADS", 400), (9, 400)])
def test_batches_of_other_kinds_than_functions_are_refused(faasm, kind: object, status: int) -> None:
    assert faasm.execute(701, {"py_func": "echo"}, type=kind).status == status


# A URL for each function


def test_the_url_of_a_function(faasm) -> None:
    answer = faasm.request("GET", "/faasm/call/python/echo")
    assert (answer.status, answer.body, answer.headers["X-Faasm-Return-Code"]) == (200, b"", "0")
    number = int(faasm.call("echo", b"x").headers["X-Faasm-Call-Id"])
    assert legacy(faasm, id=number, status=True) == (200, b"SUCCESS: x")
    answer = faasm.call("echo", b"x", "?async=true&entry=child")
    assert answer.status == 202 and answer.body.decode() == answer.headers["X-Faasm-Call-Id"]
    assert faasm.finished(int(answer.body))["messageResults"][0]["output_data"] == "x"
    assert faasm.call("nobody").status == 404


def test_connections_of_http_1_0_end_with_the_answer(faasm) -> None:
    host, port = faasm.base.removeprefix("http://").split(":")

    def ask(*requests: bytes) -> bytes:
        with socket.create_connection((host, int(port)), timeout=60) as connection:
            for request in requests:
                connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(1 << 16), b""))

    old = b"GET /faasm/upload/ping HTTP/1.0\r\nHost: localhost\r\n\r\n"
    answer = ask(old)
    assert answer.startswith(b"HTTP/1.1 200 ") and answer.endswith(b"\r\n\r\nPONG")
    kept = ask(old.replace(b"Host", b"Connection: Keep-Alive\r\nHost"), old)
    assert kept.count(b"PONG") == 2 and kept.lower().index(b"connection: keep-alive") < kept.lower().index(b"connection: close")


@pytest.mark.parametrize("value", ["maybe", "1", "", "yes"])
def test_what_is_neither_true_nor_false_is_refused(faasm, value: str) -> None:
    answer = faasm.call("echo", b"x", f"?async={value}")
    assert answer.status == 400 and b"`async` must be true or false" in answer.body
    assert faasm.call("echo", b"x", "?async=False").status == 200
    for path in ("/v1/executions/?include_completed=", f"/v1/executions/{faasm.call('echo').headers['X-Swiftlet-Execution']}/logs?follow="):
        assert faasm.server.request("GET", path + value).status == 400
        assert faasm.server.request("GET", path + "False").status == 200


def test_cors(faasm) -> None:
    answer = faasm.request("OPTIONS", "/faasm/call/python/echo", Origin="http://elsewhere.example")
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET,POST,PUT,OPTIONS"
    assert answer.headers["Access-Control-Allow-Headers"] == "User-Agent,Content-Type"


# Upload


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "ping", 200, "PONG"), ("GET", "x/y", 400, "Unrecognised GET request to x/y"),
        ("PUT", "x/y/", 400, "Unrecognised PUT request to x/y"),
        ("PUT", "p/python", 400, "Bad URL, expected single path part p/python"),
        ("GET", "file", 400, "Bad request, expected file path header FilePath"), ("POST", "p/python/echo", 405, None),
        ("GET", "p/python/nobody", 404, None), ("GET", "s/python/key", 404, "Empty response"), ("GET", "f/python/x", 404, None),
        ("PUT", "f/python/py_func", 200, "Function upload complete\n"), ("PUT", "p/a%2Fb/c", 400, None),
    ],
)  # fmt: skip
def test_upload_paths(faasm, method: str, path: str, status: int, body: str | None) -> None:
    answer = faasm.request(method, f"/faasm/upload/{path}", b"x" if method == "PUT" else None)
    assert answer.status == status
    assert body is None or answer.body.decode() == body


def test_a_source_is_fetched_and_deleted(faasm) -> None:
    source = b"def faasm_main(): pass\n"
    assert faasm.request("PUT", "/faasm/upload/pa/python/fetched", source).status == 200
    assert faasm.request("GET", "/faasm/upload/p/python/fetched").body == source
    shared = "pyfuncs/python/fetched/function.py"
    assert faasm.request("GET", "/faasm/upload/file", FilePath=shared).body == source
    assert faasm.request("PUT", "/faasm/upload/file", b"def faasm_main(): return 3", FilePath=shared).status == 200
    assert faasm.code("fetched") == 3
    assert faasm.request("DELETE", "/faasm/upload/p/python/fetched").status == 204
    assert faasm.request("GET", "/faasm/upload/p/python/fetched").status == 404


def test_the_same_bytes_make_no_new_version(faasm) -> None:
    for _ in range(2):
        faasm.upload("same", "def faasm_main(): pass")
    created = faasm.server.request("GET", "/v1/executions/?include_completed=True&deployment=python/same").json
    assert [execution["name"] for execution in created] == ["tasks.create_function"]


def test_a_function_of_another_kind_is_not_replaced(faasm) -> None:
    faasm.server.request("PUT", "/v1/functions/python/", {"name": "kind", "code": "def main(args, context): pass"})
    answer = faasm.request("PUT", "/faasm/upload/p/python/kind", b"def faasm_main(): pass")
    assert answer.status == 409 and b"another kind" in answer.body


# Who may


def test_without_a_token_only_programs_of_this_machine(start_server) -> None:
    faasm = start_server("--faasm-upload", "off").faasm()
    assert faasm.request("GET", "/faasm/upload/ping").status == 200
    assert faasm.request("GET", "/faasm/upload/ping", Origin="http://elsewhere.example").status == 403
    assert faasm.request("GET", "/faasm/upload/ping", Host="elsewhere.example").status == 403
    assert faasm.request("GET", "/faasm/upload/ping", Host="faasm-worker.faasm.example.com").status == 200
    assert faasm.request("GET", "/faasm/upload/ping", Authorization="Bearer wrong").status == 401


def test_tokens_can_be_asked_of_all(start_server) -> None:
    server = start_server("--faasm-upload", "off", "--faasm-auth", "token")
    faasm = server.faasm()
    assert faasm.request("GET", "/faasm/upload/ping").status == 401
    assert faasm.plan(2).status == 401
    assert faasm.request("GET", "/faasm/upload/ping", Authorization=f"Bearer {server.token}").status == 200


def test_a_token_is_for_its_users_functions_only(faasm) -> None:
    body = {"name": "bound", "scopes": ["run", "deploy", "read"], "functions": ["alice/*"]}
    token = faasm.server.request("PUT", "/v1/tokens/", body).json["token"]
    bearer = f"Bearer {token}"
    source = b"def faasm_main(): pass"
    assert faasm.request("PUT", "/faasm/upload/p/alice/mine", source, Authorization=bearer).status == 200
    assert faasm.request("PUT", "/faasm/upload/p/python/echo", source, Authorization=bearer).status == 403
    assert faasm.request("POST", "/faasm/call/alice/mine", b"", Authorization=bearer).status == 200
    assert faasm.request("POST", "/faasm/call/python/echo", b"", Authorization=bearer).status == 404
    assert faasm.request("GET", "/faasm/upload/s/python/key", Authorization=bearer).status == 403
    # Ids are those of the caller.
    faasm.execute(400001, {"py_func": "echo"})
    status = json.dumps({"http_type": 11, "payload": json.dumps({"appId": 400001})}).encode()
    assert faasm.request("POST", "/", status, Authorization=bearer).body == b"App not registered in results"


def test_stdout_before_the_output_where_that_is_wanted(start_server) -> None:
    faasm = start_server("--faasm-upload", "off", "--capture-stdout").faasm()
    faasm.upload("echo", ECHO)
    assert faasm.call("echo", b"out").body == b"printed\nout"


def test_a_named_port_that_is_taken_is_an_error(faasm, start_server) -> None:
    port = faasm.server.url.rsplit(":", 1)[1]
    with pytest.raises(AssertionError, match=r"--faasm-upload.*in use"):
        start_server("--faasm-upload", port)


# Limits, and what is kept


def test_a_source_may_have_16_mib(faasm) -> None:
    large = b"from pyfaasm.core import *\nDATA = '" + b"x" * (16 << 20) + b"'\ndef faasm_main(): write_output(b'large')\n"
    assert faasm.request("PUT", "/faasm/upload/p/python/large", large).status == 413
    assert faasm.request("GET", "/faasm/upload/p/python/large").status == 404
    source = large.replace(b"x" * (1 << 20), b"", 8)
    assert faasm.request("PUT", "/faasm/upload/p/python/large", source).status == 200
    assert faasm.call("large").body == b"large"


def test_synchronous_calls_are_known_after_a_restart(start_server) -> None:
    server = start_server("--faasm-upload", "off")
    faasm = server.faasm()
    faasm.upload("echo", ECHO)
    first = faasm.call("echo", b"one").headers
    legacy = faasm.request("POST", "/", json.dumps({"user": "python", "function": "echo", "input_data": "two"}).encode())
    assert legacy.body == b"two"
    both = faasm.call("echo", b"three", query="?entry=both").headers
    failed = faasm.call("echo", query="?entry=fails").headers
    assert server.stop() == 0
    server.start()
    faasm = server.faasm()

    def ask(number: str, what: str):
        return faasm.request("POST", "/", json.dumps({"id": int(number), what: True}).encode())

    assert ask(first["X-Faasm-Call-Id"], "status").body == b"SUCCESS: one"
    assert ask(failed["X-Faasm-Call-Id"], "status").body.startswith(b"FAILED: Call failed (return value=1)")
    graph = ask(both["X-Faasm-Call-Id"], "exec_graph").json["root"]
    assert graph["msg"]["output_data"] == "three" and [node["msg"]["output_data"] for node in graph["chained"]] == ["three"]
    assert ask(str(int(first["X-Faasm-Call-Id"]) + 1000), "status").status == 404
    assert ask("7", "status").status == 404
