"""Calls from the command: entries, codes, input and output, chaining."""

import pytest

SEED = """
from pyfaasm.core import await_call, chain_this_with_input

def func_one(data):
    pass

def func_two(data):
    pass

def faasm_main():
    call_one = chain_this_with_input(func_one, b'')
    call_two = chain_this_with_input(func_two, b'')

    await_call(call_one)
    await_call(call_two)
"""

DICT_STATE = """
import pickle
from pyfaasm.core import await_call, chain, read_state, write_state

def check_pickle(data):
    value = pickle.loads(read_state("dict_a"))
    value["epsilon"] = "zeta"
    write_state("dict_b", pickle.dumps(value))

def faasm_main():
    write_state("dict_a", pickle.dumps({"alpha": "beta", "gamma": "delta"}))
    await_call(chain(check_pickle, b""))
    print("Dictionary as expected:", pickle.loads(read_state("dict_b")))
"""


def test_the_seed_example(run):
    done = run(SEED)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_children_get_their_input_and_their_codes_reach_the_parent(run):
    done = run("""
        from pyfaasm.core import *

        def chain_one(data):
            if data != b"1234" or get_input() != data:
                exit(1)

        def chain_two(data):
            write_output(data[::-1])
            return 7

        def faasm_main():
            ids = [chain(chain_one, b"1234"), chain_this_with_input("chain_two", b"5\\x008"), chain(chain_one, b"other")]
            assert len(set(ids)) == 3 and min(ids) > 0
            assert [await_call_output(each) for each in ids] == [(0, b""), (7, b"8\\x005"), (1, b"")]
            assert [get_call_status(each) for each in ids] == ["SUCCESS", "FAILED", "FAILED"]
            assert await_call(ids[1]) == 7
        """)
    assert (done.returncode, done.stderr) == (0, b"")


def test_what_a_callee_wrote_is_visible_without_push(run):
    done = run(DICT_STATE)
    assert done.stdout.decode().strip() == "Dictionary as expected: {'alpha': 'beta', 'gamma': 'delta', 'epsilon': 'zeta'}"


def test_state_in_a_folder_is_there_in_a_later_call(run, tmp_path):
    folder = {"PYFAASM_STATE_DIR": str(tmp_path / "state")}
    assert run("import pyfaasm.core as c\ndef faasm_main():\n    c.setState('k', b'v')\n", **folder).returncode == 0
    done = run("import pyfaasm.core as c\ndef faasm_main():\n    c.set_output(c.getState('k', 9))\n", **folder)
    assert done.stdout == b"v\n"


def test_input_and_output_are_bytes_of_any_value(run, tmp_path):
    (tmp_path / "input").write_bytes(bytes(range(256)))
    echo = "from pyfaasm.core import get_input, set_output\ndef faasm_main():\n    set_output(get_input())\n"
    assert run(echo, "--input", f"@{tmp_path / 'input'}").stdout == bytes(range(256)) + b"\n"
    assert run(echo, "--input", "ü").stdout == "ü\n".encode()


@pytest.mark.parametrize("body, code, error", [
    ("return", 0, ""), ("return 3", 3, ""), ("return True", 1, ""), ("return -1", 255, ""), ("exit(4)", 4, ""), ("exit()", 0, ""),
    ("import sys; sys.exit('text')", 1, "text"), ("raise SystemExit(5)", 5, ""),
    ("return 'x'", 255, "faasm_main returned str; return an int or None"), ("return 2**31", 255, "faasm_main returned int"),
    ("{}['missing']", 1, "KeyError: 'missing'"),
])
def test_how_a_call_ends(run, body, code, error):
    done = run(f"def faasm_main():\n    {body}\n")
    assert done.returncode == code and error in done.stderr.decode()


@pytest.mark.parametrize("code, arguments, output", [
    ("def other(data):\n    print(data)\n", ["--entry", "other", "--input", "x"], "b'x'"),
    ("from pyfaasm.core import faasm_main\n@faasm_main\ndef start():\n    print(1)\n", [], "1"),
    ("from pyfaasm.core import faasm_main\n@faasm_main()\ndef start():\n    print(2)\n", [], "2"),
    ("def main_func():\n    print(3)\n", [], "3"),
    ("from os.path import basename\n", ["--entry", "basename"], ""),
])
def test_which_function_a_call_starts_with(run, code, arguments, output):
    assert run(code, *arguments).stdout.decode().strip() == output


@pytest.mark.parametrize("code, arguments, error", [
    ("from pyfaasm.core import faasm_main\n", [], 'Cannot find function "faasm_main"'), ("", ["--entry", "x"], 'Cannot find function "x"'),
    ("import nothing_like_it\n", [], "ModuleNotFoundError")])
def test_a_call_that_cannot_start(run, code, arguments, error):
    done = run(code, *arguments)
    assert done.returncode == 1 and error in done.stderr.decode()


def test_integer_entries(run):
    done = run("""
        from pyfaasm.core import *

        @faasm_func(2)
        def two(data):
            return 20 + len(data)

        def faasm_main():
            if getFunctionIdx() == 3:
                return 30 + len(getInput())
            assert awaitCall(chainThisWithInput(2, b"12")) == 22
            assert awaitCall(chainThisWithInput(3, b"123")) == 33
        """)
    assert (done.returncode, done.stderr) == (0, b"")


def test_another_function_by_its_name(run, tmp_path):
    beside = tmp_path / "2nd.one-beside.py"
    beside.write_text("from pyfaasm.core import *\ndef faasm_main():\n    set_output(b'<' + get_input() + b'>')\n")
    done = run("""
        from pyfaasm.core import *

        def faasm_main():
            assert await_call_output(chain_named("2nd.one-beside", b"x")) == (0, b"<x>")
            for name in ("missing", "user/beside", ".."):
                try:
                    chain_named(name)
                except ValueError:
                    continue
                return 1
        """)
    assert (done.returncode, done.stderr) == (0, b"")


def test_what_cannot_be_chained_or_awaited(run):
    done = run("""
        from pyfaasm.core import *

        def faasm_main():
            def nested(data):
                pass

            for act in (lambda: chain(nested), lambda: chain(lambda data: 0), lambda: chain("missing"), lambda: await_call(99)):
                try:
                    act()
                except ValueError:
                    continue
                return 1
        """)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_wide_and_a_deep_tree_finish(run):
    done = run("""
        from pyfaasm.core import *

        def leaf(data):
            append_state("leaves", data)

        def deep(data):
            left = int(data)
            return await_call(chain(deep, str(left - 1))) if left else 5

        def faasm_main():
            for each in [chain(leaf, bytes([n])) for n in range(100)]:
                assert await_call(each) == 0
            assert sorted(read_appended_state("leaves")) == [bytes([n]) for n in range(100)]
            assert await_call(chain(deep, b"50")) == 5
            assert await_call(chain(deep, b"300")) == 1
        """)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert b"at most 256 deep" in done.stderr


def test_an_await_has_its_time(run):
    done = run("""
        from pyfaasm.core import *

        def waiting(data):
            lock_state_write("gate")

        def faasm_main():
            with lock_state_write("gate"):
                call = chain(waiting)
                assert await_call(call) == CALL_TIMED_OUT
                assert get_call_status(call) == "RUNNING"
        """, CHAINED_CALL_TIMEOUT="50")
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_lock_is_freed_when_its_call_ends(run):
    done = run("""
        from pyfaasm.core import *

        def locking(data):
            lock_state_global_write("k")
            raise ValueError

        def faasm_main():
            assert await_call(chain(locking)) == 1
            with lock_state_read("k"), lock_state_read("k"):
                pass
            lock_state_write("k")
            unlock_state_write("k")
        """)
    assert done.returncode == 0
