"""Raw WebAssembly functions: the examples in C, uploaded, called, chained with Python ones; and shared state seen from outside."""

from pathlib import Path

import pytest

#: `scripts/wasm-examples` compiles them; `scripts/test` has it done.
COMPILED = Path(__file__).resolve().parents[2] / ".deps/faasm"


@pytest.fixture(scope="module")
def faasm(server):
    return server.faasm()


@pytest.fixture
def module(faasm):
    """Uploads an example under its name and returns that."""

    def upload(name: str, user: str = "c") -> str:
        answer = faasm.request("PUT", f"/faasm/upload/f/{user}/{name}", (COMPILED / f"{name}.wasm").read_bytes())
        assert (answer.status, answer.body) == (200, b"Function upload complete\n"), answer.body
        return name

    return upload


def test_echo_takes_bytes_of_any_value(faasm, module):
    data = bytes(range(256)) * 10
    answer = faasm.call(module("echo"), data, user="c")
    assert (answer.status, answer.body, answer.headers["X-Faasm-Return-Code"]) == (200, data, "0")


def test_functions_of_a_module_chain_each_other(faasm, module):
    answer = faasm.call(module("chain"), user="c")
    assert (answer.status, answer.headers["X-Faasm-Return-Code"]) == (200, "0"), answer.body


def test_state_is_read_and_written_in_every_way(faasm, module):
    answer = faasm.call(module("state"), user="c")
    assert (answer.status, answer.headers["X-Faasm-Return-Code"]) == (200, "0"), answer.body


def test_python_and_modules_call_each_other_and_share_state(faasm, module):
    module("echo", user="mixed")
    source = """
        from pyfaasm.core import await_call_output, chain_named, read_state, write_output, write_state

        def faasm_main():
            write_state("seen", b"by all of this user")
            code, output = await_call_output(chain_named("echo", b"from Python\\0"))
            write_output(b"%d " % code + output + b" " + read_state("seen"))
        """
    faasm.upload("caller", source, user="mixed")
    assert faasm.call("caller", user="mixed").body == b"0 from Python\0 by all of this user"
    assert faasm.request("GET", "/faasm/upload/s/mixed/seen").body == b"by all of this user"
    # Another user's state is another one.
    assert faasm.request("GET", "/faasm/upload/s/python/seen").status == 404


def test_what_is_no_module_is_refused_with_the_reason_and_replaces_nothing(faasm, module):
    module("echo")
    for bytes_ in (b"", b"\0asm", b"\0asm\1\0\0\0" + b"\xff" * 40, b"hello"):
        answer = faasm.request("PUT", "/faasm/upload/f/c/echo", bytes_)
        assert answer.status == 400 and answer.body, bytes_
    assert faasm.call("echo", b"still", user="c").body == b"still"


def test_another_kind_of_the_same_name_is_a_conflict(faasm, module):
    module("echo", user="kinds")
    python = faasm.request("PUT", "/faasm/upload/p/kinds/echo", b"def faasm_main(): pass\n")
    assert python.status == 409 and b"WebAssembly" in python.body
    faasm.upload("script", "def faasm_main(): pass\n", user="kinds")
    raw = faasm.request("PUT", "/faasm/upload/f/kinds/script", (COMPILED / "echo.wasm").read_bytes())
    assert raw.status == 409 and b"Python" in raw.body


def test_a_module_is_fetched_and_deleted(faasm, module):
    module("echo", user="gone")
    assert faasm.request("GET", "/faasm/upload/f/gone/echo").body == (COMPILED / "echo.wasm").read_bytes()
    assert faasm.request("DELETE", "/faasm/upload/f/gone/echo").status == 204
    assert faasm.request("GET", "/faasm/upload/f/gone/echo").status == 404
    assert faasm.call("echo", user="gone").status == 404


def test_modules_and_state_survive_a_restart(own_server):
    faasm = own_server.faasm()
    assert faasm.request("PUT", "/faasm/upload/f/c/echo", (COMPILED / "echo.wasm").read_bytes()).status == 200
    assert faasm.request("PUT", "/faasm/upload/s/c/key", b"value").status == 200
    own_server.kill()
    own_server.start()
    faasm = own_server.faasm()
    assert faasm.call("echo", b"again", user="c").body == b"again"
    assert faasm.request("GET", "/faasm/upload/s/c/key").body == b"value"


def test_a_module_in_rust(faasm, module):
    if not (COMPILED / "primes.wasm").exists():
        pytest.skip("Debian's rustc with WASI is not installed, so that the example was not compiled")
    answer = faasm.call(module("primes", user="rust"), b"1000", user="rust")
    assert (answer.status, answer.body) == (200, b"168")
    log = faasm.server.request("GET", f"/v1/executions/{answer.headers['X-Swiftlet-Execution']}/logs").json
    assert [line["text"] for line in log] == ["counted up to 1000"]
    assert faasm.call("primes", b"no number", user="rust").headers["X-Faasm-Return-Code"] == "2"
