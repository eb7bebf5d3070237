"""The packing protocol, here and in published functions."""

import datetime

import pytest
import yaml

from away import builder, protocol
from away.exceptions import FaasReturnedError

SAFE, UNSAFE = {"safe_args": True}, {"safe_args": False}


@pytest.mark.parametrize("options, arguments, text", [
    (SAFE, (7, "x"), "- 7\n- x\n"), (SAFE, (), "[]\n"), (SAFE, ([1, 2],), "- - 1\n  - 2\n"),
    (UNSAFE, (7, "x"), "!!python/tuple\n- 7\n- x\n")])
def test_arguments_are_packed_as_one_tuple(options, arguments, text):
    assert protocol.make_client_pack_args_fn(**options)(arguments) == text
    assert list(protocol.make_client_unpack_args_fn(**options)(text)) == list(arguments)


def test_a_range_needs_the_unsafe_form():
    assert "!!python/object/apply:builtins.range" in protocol.make_client_pack_args_fn(safe_args=False)((range(5),))
    with pytest.raises(yaml.representer.RepresenterError):
        protocol.make_client_pack_args_fn()((range(5),))


def test_the_safe_form_is_the_default():
    assert protocol.make_client_pack_args_fn()((1,)) == "- 1\n"
    with pytest.raises(yaml.YAMLError):
        protocol.make_client_unpack_args_fn()("!!python/tuple [1]")


@pytest.mark.parametrize("text, value", [("3\n...\n", 3), ("null\n...\n", None), ("3\n...\n\n", 3), ("- 1\n\n", [1])])
def test_results_are_unpacked_with_and_without_the_newline_of_the_template(text, value):
    for options in (SAFE, UNSAFE):
        assert protocol.make_client_unpack_args_fn(**options)(text) == value


@pytest.fixture(params=[True, False], ids=["safe", "unsafe"])
def identity(request, faas, quietly):
    """A published function that returns its only argument."""
    def identity(value):
        return value
    return builder.mirror_in_faas(identity, faas, safe_args=request.param)


def test_values_come_back_as_they_went(identity):
    values = [
        None, True, 0, -1.5, float("inf"), "", "ünï ☃ \U0001f600", "a: b\n- c\n", "null", "1", [], [1, [2]], {}, {"a": {"b": None}},
        b"\x00\xff", datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 12, 30), {1, 2}, 2**70, "line\r\nline", " x ", "\t",
        "x" * 300 + " y" * 300]
    assert identity(values) == values
    for value in values:
        assert identity.__wrapped__(value) == value


def test_one_argument_is_itself_and_none_is_no_argument(identity):
    assert identity([]) == [] and identity([1]) == [1] and identity(None) is None


def test_wrong_numbers_of_arguments(faas, identity):
    with pytest.raises(FaasReturnedError, match=r"AssertionError: The function takes 1 arguments\. 0 were provided:None"):
        identity()
    with pytest.raises(FaasReturnedError, match=r"The function takes 1 arguments\. 2 were provided:[\[(]1, 2[\])]"):
        identity(1, 2)

    def takes_none():
        return "none"

    def takes_two(a, b):
        return [a, b]
    none, two = builder.mirror_in_faas(takes_none, faas), builder.mirror_in_faas(takes_two, faas)
    assert none() == "none" and two([1], 2) == [[1], 2]
    with pytest.raises(FaasReturnedError, match=r"The function takes 0 arguments\. 1 were provided:x"):
        none("x")
    with pytest.raises(FaasReturnedError, match=r"The function takes 2 arguments\. 1 were provided:x"):
        two("x")


def test_a_body_that_is_no_list_is_refused(faas, identity):
    plain = builder.sync_from_name("identity", faas)
    with pytest.raises(FaasReturnedError, match="The arguments must be a list"):
        plain("7")


def test_what_yaml_cannot_hold_fails_where_it_is(faas, quietly):
    class Own:
        pass

    def makes_an_object():
        return object()
    proxy = builder.mirror_in_faas(makes_an_object, faas)
    with pytest.raises(yaml.representer.RepresenterError):
        proxy(Own())
    with pytest.raises(FaasReturnedError, match="500, exit status 1\nTraceback(.|\n)*RepresenterError"):
        proxy()


def test_objects_of_the_standard_library_in_the_unsafe_form(faas, quietly):
    def next_month(day, steps):
        from datetime import timedelta
        return (day + timedelta(31 * len(steps)), complex(1, 2), tuple(steps))
    proxy = builder.mirror_in_faas(next_month, faas, safe_args=False)
    assert proxy(datetime.date(2024, 1, 1), range(1)) == (datetime.date(2024, 2, 1), 1 + 2j, (0,))


def test_by_name_with_protocol(faas, quietly):
    @builder.publish(faas)
    def sums_one(n):
        return n + 1
    assert builder.sync_from_name_with_protocol("sums_one", faas)(0) == sums_one(0) == 1

    @builder.faas_function_with_protocol(faas)
    def sums_one(n):
        pass
    assert sums_one(1) == 2

    @builder.faas_function_with_protocol(faas)
    async def sums_one(n):
        pass
    import asyncio
    assert asyncio.run(sums_one(2)) == asyncio.run(builder.async_from_name_with_protocol("sums_one", faas)(2)) == 3
