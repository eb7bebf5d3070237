"""Chaining over the real program: codes, ids, limits, cancelling, versions."""

from __future__ import annotations

import json
import threading
import time

import pytest


@pytest.fixture(scope="module")
def faasm(launch):
    """One worker with one thread: whatever waits must not keep others from running."""
    options = ["--workers", "1", "--threads", "1", "--max-chained-calls", "300", "--max-chain-depth", "12"]
    return launch(*options, "--faasm-upload", "off").faasm()


ENDINGS = '''
    import sys
    def faasm_main(): pass
    def none(data): return None
    def three(data): return 3
    def true(data): return True
    def negative(data): return -7
    def text(data): return "x"
    def large(data): return 2**31
    def exit_n(data): exit(4)
    def exit_nothing(data): sys.exit()
    def exit_text(data): raise SystemExit("sorry")
    def quit_n(data): quit(5)
    def raises(data): return 1 / 0
'''


@pytest.mark.parametrize(
    ("entry", "code", "told"),
    [
        ("", 0, ""), ("none", 0, ""), ("three", 3, ""), ("true", 1, ""), ("negative", -7, ""),
        ("text", -1, ""), ("large", -1, ""), ("exit_n", 4, ""), ("exit_nothing", 0, ""), ("exit_text", 1, ""),
        ("quit_n", 5, ""), ("raises", 1, "ZeroDivisionError"), ("missing", 1, 'Cannot find function "missing"'),
    ],
)  # fmt: skip
def test_return_codes(faasm, entry: str, code: int, told: str) -> None:
    faasm.upload("endings", ENDINGS)
    answer = faasm.call("endings", query=f"?entry={entry}" if entry else "")
    assert int(answer.headers["X-Faasm-Return-Code"]) == code
    assert answer.status == (200 if code == 0 else 500)
    assert told in answer.body.decode()


def test_output_is_kept_byte_for_byte(faasm) -> None:
    faasm.upload("bytes", "from pyfaasm.core import *\ndef faasm_main():\n    write_output(read_input())\n")
    data = bytes(range(256)) * 300
    answer = faasm.call("bytes", data)
    assert answer.body == data
    body = faasm.server.request("GET", f"/v1/executions/{answer.headers['X-Swiftlet-Execution']}").json
    assert list(body["output"]) == ["base64"]


def test_the_folder_of_the_file_is_on_the_search_path(faasm) -> None:
    faasm.upload(
        "place",
        """
        import os, sys
        from pyfaasm.core import write_output
        def faasm_main():
            write_output(f"{__file__} {__name__} {os.getcwd()} {os.path.dirname(__file__) == sys.path[0]}")
        """,
    )
    assert faasm.call("place").body == b"/pyfuncs/python/place/function.py function / True"


def test_a_failing_call_keeps_its_output(faasm) -> None:
    faasm.upload("failing", "from pyfaasm.core import *\ndef faasm_main():\n    write_output(b'a\\0b')\n    return 2\n")
    answer = faasm.call("failing")
    assert (answer.status, answer.body, answer.headers["X-Faasm-Return-Code"]) == (500, b"a\0b", "2")


def test_codes_and_outputs_of_chained_calls(faasm) -> None:
    faasm.upload(
        "parent",
        """
        import json
        from pyfaasm.core import *
        def child(data):
            write_output(b"\\0" + data)
            return len(data)
        def faasm_main():
            call = chain(child, b"abc")
            first, second = await_call(call), await_call_output(call)
            found = [first, second[0], list(second[1]), get_call_status(call), call > 0]
            for wrong in (99, 0, -1, call + 1):
                try:
                    found.append(await_call(wrong))
                except ValueError:
                    found.append("ValueError")
            try:
                chain(lambda data: 0, b"")
            except ValueError:
                found.append("ValueError")
            write_output(json.dumps(found).encode())
        """,
    )
    answer = faasm.call("parent")
    assert json.loads(answer.body) == [3, 3, [0, 97, 98, 99], "FAILED", True] + ["ValueError"] * 5


def test_nested_fan_out_on_one_thread(faasm) -> None:
    faasm.upload(
        "tree",
        """
        from pyfaasm.core import *
        def node(data):
            level = int(data)
            total = 1
            if level:
                for call in [chain(node, str(level - 1).encode()) for _ in range(3)]:
                    total += int(await_call_output(call)[1])
            write_output(str(total).encode())
        def faasm_main():
            write_output(await_call_output(chain(node, read_input()))[1])
        """,
    )
    answer = faasm.call("tree", b"4")
    assert (answer.status, answer.body) == (200, b"121")
    graph = faasm.server.request("GET", f"/v1/executions/{answer.headers['X-Swiftlet-Execution']}/graph").json

    def count(node: dict) -> int:
        return 1 + sum(count(child) for child in node["calls"])

    assert count(graph) == 122


def test_depth_is_limited(faasm) -> None:
    faasm.upload(
        "deep",
        """
        from pyfaasm.core import *
        def down(data):
            try:
                call = chain(down, str(int(data) + 1).encode())
            except RuntimeError as error:
                write_output(data + b" " + str(error).encode())
                return
            write_output(await_call_output(call)[1])
        def faasm_main():
            down(b"0")
        """,
    )
    answer = faasm.call("deep")
    assert answer.body.startswith(b"12 ") and b"maximumChainDepth" in answer.body, answer.body


def test_fan_out_is_limited(faasm) -> None:
    faasm.upload(
        "wide",
        """
        from pyfaasm.core import *
        def nothing(data): pass
        def faasm_main():
            count = 0
            try:
                while True:
                    chain(nothing)
                    count += 1
            except RuntimeError as error:
                write_output(f"{count} {error}".encode())
        """,
    )
    answer = faasm.call("wide")
    assert answer.body.startswith(b"300 ") and b"maximumChainedCalls" in answer.body, answer.body


def test_named_calls_stay_with_their_tenant(faasm) -> None:
    faasm.upload("secret", "from pyfaasm.core import *\ndef faasm_main(): write_output(b'secret')", user="other")
    faasm.upload("callee", "from pyfaasm.core import *\ndef faasm_main(): write_output(b'of mine')")
    faasm.upload(
        "caller",
        """
        from pyfaasm.core import *
        def faasm_main():
            found = [await_call_output(chain_named("callee"))[1].decode()]
            for name in ("other/secret", "nobody", "../x"):
                try:
                    chain_named(name)
                except (PermissionError, ValueError) as error:
                    found.append(type(error).__name__)
            write_output(" ".join(found).encode())
        """,
    )
    assert faasm.call("caller").body == b"of mine PermissionError ValueError PermissionError"


def test_a_callee_runs_the_version_of_its_caller(faasm) -> None:
    source = """
        from pyfaasm.core import *
        import time
        def version(data): write_output(b"{number}")
        def faasm_main():
            print("begun", flush=True)
            time.sleep({pause})
            write_output(await_call_output(chain(version))[1])
    """
    faasm.upload("versions", source.format(number=1, pause=2))
    begun = faasm.call("versions", query="?async=true")
    execution = begun.headers["X-Swiftlet-Execution"]
    follow = faasm.request(
        "GET", f"/v1/executions/{execution}/logs", Authorization=f"Token {faasm.server.token}"
    )
    while b"begun" not in follow.body:
        time.sleep(0.01)
        follow = faasm.request(
            "GET", f"/v1/executions/{execution}/logs", Authorization=f"Token {faasm.server.token}"
        )
    faasm.upload("versions", source.format(number=2, pause=0))
    assert faasm.call("versions").body == b"2"
    assert faasm.server.settled(execution)["output"] == 1


def test_a_module_that_chains_while_it_is_imported_is_imported_in_each_call(faasm) -> None:
    faasm.upload(
        "import_per_call",
        """
        from pyfaasm.core import *
        GIVEN = read_input()
        def faasm_main(): write_output(GIVEN)
        """,
    )
    assert [faasm.call("import_per_call", data).body for data in (b"one", b"two")] == [b"one", b"two"]


def test_an_upload_whose_import_fails_changes_nothing(faasm) -> None:
    faasm.upload("stays", "from pyfaasm.core import *\ndef faasm_main(): write_output(b'first')")
    answer = faasm.request("PUT", "/faasm/upload/p/python/stays", b"import nothing_of_that_name\n")
    assert answer.status == 400 and b"nothing_of_that_name" in answer.body
    assert faasm.call("stays").body == b"first"


SLOW = """
    from pyfaasm.core import *
    import time
    def slow(data): time.sleep(60)
    def faasm_main():
        calls = [chain(slow) for _ in range(8)]
        print("chained", flush=True)
        for call in calls: await_call(call)
"""


def test_cancelling_a_parent_cancels_its_children(faasm) -> None:
    faasm.upload("slow", SLOW)
    execution = faasm.call("slow", query="?async=true").headers["X-Swiftlet-Execution"]
    graph: dict = {"calls": []}
    while len(graph["calls"]) < 8:
        time.sleep(0.01)
        graph = faasm.server.request("GET", f"/v1/executions/{execution}/graph").json
    assert faasm.server.request("DELETE", f"/v1/executions/{execution}").json["status"] == "Cancelled"
    for child in graph["calls"]:
        assert faasm.server.settled(child["uuid"])["status"] == "Cancelled"
    graph = faasm.server.request("GET", f"/v1/executions/{execution}/graph").json
    assert {child["return_code"] for child in graph["calls"]} == {-125}


def test_an_await_that_takes_too_long_is_told_so(start_server) -> None:
    faasm = start_server("--chained-call-timeout", "100", "--faasm-upload", "off").faasm()
    faasm.upload(
        "impatient",
        """
        from pyfaasm.core import *
        import time
        def slow(data):
            time.sleep(1)
            return 3
        def faasm_main():
            write_output(str(await_call(chain(slow))).encode())
        """,
    )
    answer = faasm.call("impatient")
    assert answer.body == b"-110"
    graph = faasm.server.request("GET", f"/v1/executions/{answer.headers['X-Swiftlet-Execution']}/graph").json
    assert faasm.server.settled(graph["calls"][0]["uuid"])["error"], "it runs on"


def test_many_parents_wait_at_one_time(faasm) -> None:
    faasm.upload(
        "waiting",
        """
        from pyfaasm.core import *
        def child(data): write_output(data)
        def faasm_main(): write_output(await_call_output(chain(child, read_input()))[1])
        """,
    )
    answers: list[bytes] = []
    threads = [
        threading.Thread(target=lambda number=number: answers.append(faasm.call("waiting", b"%d" % number).body))
        for number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(int, answers)) == list(range(20))
