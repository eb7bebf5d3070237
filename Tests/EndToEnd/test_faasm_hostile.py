"""Hostile modules, and tenants that try to see each other's things, over the real program."""

from __future__ import annotations

import json
import time

import pytest


def number(value: int) -> bytes:
    """LEB128, without a sign."""
    result = b""
    while True:
        value, low = value >> 7, value & 0x7F
        result += bytes([low | (0x80 if value else 0)])
        if not value:
            return result


def section(kind: int, content: bytes) -> bytes:
    return bytes([kind]) + number(len(content)) + content


def vector(*items: bytes) -> bytes:
    return number(len(items)) + b"".join(items)


def module(code: bytes, *, memory: bytes = b"\0\1", begins: bool = False, table: bytes | None = None, local: bytes = b"\0") -> bytes:
    """A module whose one function, `_start`, has this code; where it `begins`, an instance runs it before anything else."""
    body = local + code + b"\x0b"
    return b"\0asm\1\0\0\0" + b"".join([
        section(1, vector(b"\x60\0\0")), section(3, vector(b"\0")),
        section(4, vector(table)) if table else b"", section(5, vector(memory)),
        section(7, vector(b"\6memory\2\0", b"\6_start\0\0")), section(8, b"\0") if begins else b"",
        section(10, vector(number(len(body)) + body)),
    ])  # fmt: skip


#: i32.const of the largest address, i32.load, drop.
OUTSIDE = b"\x41\x7f\x28\2\0\x1a"
#: loop: i32.const 1, memory.grow, drop, br 0.
GROWING = b"\x03\x40\x41\x01\x40\x00\x1a\x0c\0\x0b"
#: The same, but it ends with a trap where there is no more.
GROWING_TO_THE_END = b"\x03\x40\x41\x01\x40\x00\x41\x7f\x47\x0d\0\x0b\x00"
LOOPING = b"\x03\x40\x0c\0\x0b"
#: ref.null func, i32.const 1000000, table.grow 0, drop; for ever.
TABLE_GROWING = b"\x03\x40\xd0\x70\x41\xc0\x84\x3d\xfc\x0f\0\x1a\x0c\0\x0b"
#: call itself, without end.
RECURSION = b"\x10\0"


@pytest.fixture(scope="module")
def faasm(launch):
    return launch("--workers", "1", "--threads", "2", "--faasm-upload", "off").faasm()


def put(faasm, name: str, content: bytes, user: str = "hostile"):
    return faasm.request("PUT", f"/faasm/upload/f/{user}/{name}", content)


def is_well(faasm) -> bool:
    """Whether the server serves others, and no worker was lost."""
    faasm.upload("well", "from pyfaasm.core import *\ndef faasm_main(): write_output(b'well')")
    return faasm.call("well").body == b"well" and faasm.server.request("GET", "/healthz", token=None).status == 200


@pytest.mark.parametrize(
    ("name", "content", "code", "words"),
    [
        ("outside", module(OUTSIDE), -1, b"outside of its memory"),
        ("outside-at-once", module(OUTSIDE, begins=True), -1, b"outside of its memory"),
        ("recursion", module(RECURSION), -1, b"call stack is exhausted"),
        ("growing", module(GROWING_TO_THE_END), -12, b""),
        ("unreachable", module(b"\0"), -1, b"unreachable"),
    ],
    ids=["outside", "outside-at-once", "recursion", "growing", "unreachable"],
)
def test_a_module_that_does_wrong_fails_alone(faasm, name: str, content: bytes, code: int, words: bytes) -> None:
    assert put(faasm, name, content).status == 200
    workers = faasm.server.workers()
    answer = faasm.call(name, user="hostile")
    assert (answer.status, int(answer.headers["X-Faasm-Return-Code"])) == (500, code), answer.body
    assert words in answer.body
    assert is_well(faasm) and faasm.server.workers() == workers


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("loops", module(LOOPING)),
        ("begins-with-a-loop", module(LOOPING, begins=True)),
        ("grows-without-end", module(GROWING)),
        ("grows-a-table-without-end", module(TABLE_GROWING, table=b"\x70\0\0")),
    ],
    ids=["loops", "begins", "grows", "table"],
)
def test_a_module_without_end_is_ended(faasm, name: str, content: bytes) -> None:
    assert put(faasm, name, content).status == 200
    limits = {"limits": {"wallTimeMilliseconds": 300}}
    assert faasm.server.request("PATCH", f"/v1/functions/hostile/{name}", limits).status == 200
    workers = faasm.server.workers()
    answer = faasm.call(name, user="hostile")
    assert int(answer.headers["X-Faasm-Return-Code"]) in (-110, -12), answer.body
    assert is_well(faasm) and faasm.server.workers() == workers


def test_a_start_function_without_end_is_cancelled(faasm) -> None:
    assert put(faasm, "cancelled", module(LOOPING, begins=True)).status == 200
    execution = faasm.call("cancelled", query="?async=true", user="hostile").headers["X-Swiftlet-Execution"]
    while faasm.server.execution(execution)["status"] == "Pending":
        time.sleep(0.01)
    assert faasm.server.request("DELETE", f"/v1/executions/{execution}").json["status"] == "Cancelled"
    assert is_well(faasm)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", b"no WebAssembly module"),
        (b"\0asm\1\0\0\0" + b"\xff" * 64, b""),
        (module(b"\x10\x05"), b"not valid"),
        (module(b"", memory=b"\0" + number(65536)), b"its limit is"),
        (module(b"", table=b"\x70\0" + number(4_000_000_000)), b"table of 4000000000 elements"),
        (module(b"", local=b"\1" + number(4_000_000_000) + b"\x7f"), b"not valid"),
        (b"\0asm\1\0\0\0" + section(1, number(4_000_000_000)), b""),
        (b"\0asm\1\0\0\0" + section(3, number(4_000_000_000)), b"functions"),
        (module(b"")[:-3], b""),
        (b"\0asm\1\0\0\0" + b"\0" + number(1 << 31) + b"\0", b""),
    ],
    ids=["empty", "noise", "call-of-nothing", "memory", "table", "locals", "types", "functions", "cut", "long"],
)
def test_what_cannot_run_is_refused_and_replaces_nothing(faasm, content: bytes, words: bytes) -> None:
    assert put(faasm, "stays", module(b"")).status == 200
    answer = put(faasm, "stays", content)
    assert answer.status == 400 and answer.body and words in answer.body, answer.body
    assert faasm.call("stays", user="hostile").status == 200
    assert is_well(faasm)


@pytest.mark.parametrize(
    "code",
    [(b"\x02\x40" + b"\x41\0\x0d\0" * 50 + b"\x0b") * 4000, b"\x02\x40" * 100_000 + b"\x0b" * 100_000],
    ids=["branches", "nesting"],
)
def test_a_bomb_is_bounded(faasm, code: bytes) -> None:
    """A small module that could take the compiler very long is refused, or compiled within its limits."""
    answer = put(faasm, "bomb", module(code))
    assert answer.status in (200, 400), answer.body
    assert is_well(faasm)


PROBE = """
    import json
    from pyfaasm.core import *
    def faasm_main():
        key = read_input().decode()
        found = [read_state(key).decode(), read_state_size(key), [each.decode() for each in read_appended_state(key)]]
        found.append(compare_and_set_state(key, b"secret", b"stolen"))
        try:
            found.append(delete_state(key))
        except ValueError:
            found.append(False)
        write_output(json.dumps(found).encode())
"""

OWNER = """
    from pyfaasm.core import *
    def faasm_main():
        key = read_input().decode()
        write_state(key, b"secret")
        append_state(key, b"entry")
        write_output(read_state(key))
"""


@pytest.mark.parametrize(
    ("owner", "key", "other", "tried"),
    [
        ("alice", "key", "bob", "key"),
        # Names that would be the same where tenant and key were joined.
        ("a", "b_c", "a_b", "c"), ("a", "b.c", "a.b", "c"), ("a", "b/c", "a-b", "c"), ("bob", "k", "alice", "../bob/k"),
        ("bob", "k", "alice", "bob/k"), ("bob", "k", "alice", "bob_k"),
    ],
)  # fmt: skip
def test_tenants_cannot_read_each_others_state(faasm, owner: str, key: str, other: str, tried: str) -> None:
    faasm.upload("owner", OWNER, user=owner)
    faasm.upload("probe", PROBE, user=other)
    assert faasm.call("owner", key.encode(), user=owner).body == b"secret"
    assert json.loads(faasm.call("probe", tried.encode(), user=other).body) == ["", 0, [], False, False]
    # `%2F` is a part of the key.
    assert faasm.request("GET", f"/faasm/upload/s/{owner}/{key.replace('/', '%2F')}").body == b"secret"


def test_a_token_names_its_own_users_only(faasm) -> None:
    faasm.upload("owner", OWNER, user="alice")
    assert faasm.call("owner", b"bound", user="alice").status == 200
    call = faasm.call("owner", b"bound", user="alice").headers
    body = {"name": "of-bob", "scopes": ["run", "deploy", "read"], "functions": ["bob/*"]}
    bearer = "Bearer " + faasm.server.request("PUT", "/v1/tokens/", body).json["token"]
    for method, path in [
        ("GET", "/faasm/upload/s/alice/bound"), ("PUT", "/faasm/upload/s/alice/bound"), ("GET", "/faasm/upload/s/alice"),
        ("DELETE", "/faasm/upload/s/alice/bound"), ("GET", "/faasm/upload/p/alice/owner"),
        ("PUT", "/faasm/upload/p/alice/owner"), ("DELETE", "/faasm/upload/p/alice/owner"),
        ("POST", "/faasm/call/alice/owner"), ("PUT", "/faasm/packages"), ("DELETE", "/faasm/packages/six"),
    ]:  # fmt: skip
        answer = faasm.request(method, path, b"x" if method != "GET" else None, Authorization=bearer)
        assert answer.status in (403, 404) and b"secret" not in answer.body, (method, path, answer.body)
    # Nor the results of another's calls.
    ask = json.dumps({"id": int(call["X-Faasm-Call-Id"]), "status": True}).encode()
    answer = faasm.request("POST", "/", ask, Authorization=bearer)
    assert answer.status == 404 and b"secret" not in answer.body
    assert faasm.request("POST", "/", ask).body == b"SUCCESS: secret"
