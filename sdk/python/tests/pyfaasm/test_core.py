"""`pyfaasm.core` in a program of one's own: names, state, switches, the emulator."""

import inspect

import pytest

from pyfaasm import cfaasm, config, core, objects

#: Every name of the three generations.
NAMES = """
getInput get_input get_input_len read_input setOutput set_output getOutput get_output write_output get_state_size read_state_size
getState get_state read_state getStateOffset get_state_offset read_state_offset setState set_state write_state setStateOffset
set_state_offset write_state_offset pushState push_state pushStatePartial push_state_partial pullState pull_state chainThisWithInput
chain_this_with_input chain awaitCall await_call getCallStatus get_call_status getFunctionIdx get_function_idx setFunctionIdx
registerFunction register_function clearRegisteredFunctions clear_registered_functions faasm_func faasm_main checkPythonBindings
check_python_bindings setEmulatorMessage emulatorSetStatus emulatorGetAsyncResponse setInput set_emulator_message set_emulator_status
get_emulator_async_response setLocalChaining setLocalInputOutput set_local_chaining set_local_input_output is_local_chaining
is_local_output get_env_bool set_env_bool await_call_output chain_named append_state read_appended_state clear_appended_state
delete_state compare_and_set_state lock_state_read unlock_state_read lock_state_write unlock_state_write lock_state_global_read
unlock_state_global_read lock_state_global_write unlock_state_global_write CALL_TIMED_OUT CALL_CANCELLED PYTHON_LOCAL_CHAINING
PYTHON_LOCAL_OUTPUT PYTHON_LOCAL_INPUT_OUTPUT input_data output_data
""".split()


def test_every_name_is_there():
    assert [name for name in NAMES if not hasattr(core, name)] == []
    assert set(NAMES) <= set(core.__all__)
    assert all(hasattr(cfaasm, name) for name in cfaasm.__all__)
    with pytest.raises(AttributeError):
        core.nothing  # noqa: B018


#: The parameters that programs may give by name.
PARAMETERS = {
    "read_input": "input_len", "set_output": "output", "write_output": "output", "read_state_size": "key", "get_state_size": "key",
    "read_state": "key, state_len", "get_state": "key, state_len", "read_state_offset": "key, total_len, offset, offset_len",
    "get_state_offset": "key, total_len, offset, offset_len", "write_state": "key, value", "set_state": "key, value",
    "write_state_offset": "key, total_len, offset, value", "set_state_offset": "key, total_len, offset, value", "push_state": "key",
    "push_state_partial": "key", "pull_state": "key, state_len", "chain_this_with_input": "func, input", "chain": "func, input_data",
    "await_call": "call_id", "get_call_status": "call_id", "await_call_output": "call_id", "chain_named": "func_name, input_data, entry",
    "append_state": "key, value", "read_appended_state": "key, n_elems", "clear_appended_state": "key", "delete_state": "key",
    "compare_and_set_state": "key, expected, value", "lock_state_read": "key", "lock_state_global_write": "key", "get_env_bool": "name",
}


def test_parameters_have_their_names():
    assert {name: ", ".join(inspect.signature(getattr(core, name)).parameters) for name in PARAMETERS} == PARAMETERS


def test_lengths_are_what_int_takes_and_may_be_wrong():
    core.set_emulator_message({"input_data": "abc"})
    assert core.read_input("2") == b"ab" and core.read_input(input_len=99) == b"abc" and core.read_input() == b"abc"
    core.set_input(b"")
    assert core.getInput() == b"" and core.get_input_len() == 0
    core.write_state("k", b"abc")
    assert core.read_state("k", 1.9) == b"a" and core.read_state(key="k", state_len=99) == b"abc"
    # Neither is there anything to push, nor to pull.
    core.pushState("absent")
    core.pushStatePartial("absent")
    core.pullState("absent", 9)


@pytest.fixture(params=["memory", "folder"])
def state(request, monkeypatch, tmp_path):
    if request.param == "folder":
        monkeypatch.setenv("PYFAASM_STATE_DIR", str(tmp_path / "state"))
    return core


def test_the_state_examples(state):
    key = "pyStateTest"
    state.write_state(key, "0123456789")
    state.push_state(key)
    state.pull_state(key, 10)
    assert state.read_state(key, 10) == b"0123456789"
    state.write_state_offset(key, 10, 2, b"999")
    state.push_state_partial(key)
    assert state.getState(key, 10) == b"0199956789"
    assert state.read_state_offset(key, 10, 2, 3) == b"999"
    assert state.read_state(key) == b"0199956789" and state.read_state(key, 3) == b"019"
    assert state.get_state_offset(key, 1, 0, 3) == b"019" and state.getStateOffset(key, 1, 4, 4) == b"9567"


def test_values_grow_and_absent_ones_are_empty(state):
    assert (state.read_state_size("k"), state.read_state("k"), state.read_state_offset("k", 9, 3, 3)) == (0, b"", b"")
    state.write_state_offset("k", 8, 4, memoryview(b"ab"))
    assert state.read_state("k") == b"\0\0\0\0ab\0\0"
    state.write_state_offset("k", "2", 7, b"cd")
    assert state.read_state("k") == b"\0\0\0\0ab\0cd" and state.read_state_size("k") == 9
    assert state.read_state_offset("k", 0, 7, 100) == b"cd"
    state.write_state("k", bytearray(b"x"))
    assert state.read_state_size("k") == 1


def test_logs_are_apart_from_values(state):
    for element in (b"a", b"", b"c\0d"):
        state.append_state("k", element)
    assert state.read_appended_state("k") == [b"a", b"", b"c\0d"] and state.read_appended_state("k", 2) == [b"a", b""]
    assert state.read_state("k") == b""
    state.clear_appended_state("k")
    assert state.read_appended_state("k") == []


def test_compare_and_set_and_delete(state):
    assert not state.compare_and_set_state("k", b"x", b"y")
    assert state.compare_and_set_state("k", None, b"y") and not state.compare_and_set_state("k", None, b"z")
    assert state.compare_and_set_state("k", "y", b"z") and state.read_state("k") == b"z"
    assert state.delete_state("k") and not state.delete_state("k")
    state.append_state("k", b"a")
    assert state.delete_state("k") and state.read_appended_state("k") == []


def test_tenants_do_not_share(state):
    state.set_emulator_message('{"py_user": "one"}')
    state.write_state("k", b"1")
    state.set_emulator_message('{"py_user": "two"}')
    assert state.read_state("k") == b""


@pytest.mark.parametrize("key", ["", "a\0b", "x" * 513, "ü" * 257, b"bytes"])
def test_what_is_no_key(state, key):
    with pytest.raises((ValueError, TypeError)):
        state.write_state(key, b"")
    with pytest.raises(ValueError):
        state.read_state("k", -1)


def test_local_output():
    assert core.PYTHON_LOCAL_OUTPUT is False
    with pytest.raises(RuntimeError):
        core.get_output()
    core.set_local_input_output(True)
    assert core.PYTHON_LOCAL_INPUT_OUTPUT and core.get_output() is None
    core.setOutput("first")
    core.write_output(b"last\0")
    assert core.get_output() == core.output_data == b"last\0"
    assert core.set_emulator_message({"input_data": "in", "user": "u", "function": "f"}) > 0
    assert core.get_output() is None and core.input_data == core.get_input() == b"in"
    assert core.get_input_len() == 2 and core.read_input(1) == b"i"


def test_local_chaining_runs_inline():
    seen = []
    core.setLocalChaining(True)
    assert core.PYTHON_LOCAL_CHAINING
    identifier = core.chain(lambda data: seen.append((data, core.get_input())), b"x")
    assert identifier == 0 and core.await_call(identifier) == 0 and core.getCallStatus(identifier) == "SUCCESS"
    core.register_function(2, lambda data: seen.append(core.get_function_idx()))
    core.chain(2, b"")
    assert seen == [(b"x", b"x"), 2]
    with pytest.raises(ZeroDivisionError):
        core.chain(lambda data: 1 / 0)
    with pytest.raises(ValueError):
        core.chain(3)


def exported(data: bytes) -> int:
    core.write_state("from", data)
    return 9


def test_chaining_out_of_a_program_of_ones_own():
    assert core.await_call(core.chain(exported, b"x")) == 9
    assert core.read_state("from") == b"x"


def test_the_emulator():
    core.set_emulator_status(True)
    core.set_output(b"response")
    assert core.emulatorGetAsyncResponse() == b"response"
    with pytest.raises(ValueError):
        core.setEmulatorMessage("[]")


def test_decorators_return_the_function():
    def function(data):
        return data

    assert core.faasm_func(1)(function) is function and core.faasm_main(function) is function and core.faasm_main()(function) is function


def test_the_self_test_speaks(capsys):
    core.checkPythonBindings()
    assert capsys.readouterr().out == "Hello, Faasm extension!\nDummy input is b'01234'\n"
    cfaasm.hello_faasm()
    cfaasm.check_input(b"01234")
    assert capsys.readouterr().out == "Hello, Faasm extension!\nDummy input is b'01234'\n"


def test_the_other_modules():
    matrix = config.MatrixConf(8, 2)
    assert (matrix.matrix_size, matrix.n_splits, matrix.bytes_per_matrix) == (8, 2, 256)
    assert (matrix.get_submatrices_per_row(2), matrix.get_submatrix_size(2), matrix.get_bytes_per_submatrix(2)) == (4, 2, 16)
    assert matrix.get_intermediate_result_key(1, 2, 3, 4, 5) == "intermediate_1_2_3_4_5"
    assert matrix.get_submatrix_key("mat_a", 1, 2, 3) == "mat_a_1_2_3"
    assert not [name for name in vars(objects.Dictionary) if not name.startswith("__")]


def test_locks_on_ones_own():
    with core.lock_state_write("k"):
        with pytest.raises(RuntimeError):
            core.lock_state_read("k")
    for unlock in (core.unlock_state_read, core.unlock_state_global_write):
        with pytest.raises(RuntimeError):
            unlock("k")
