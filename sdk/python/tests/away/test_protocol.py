"""The packing protocol, here and in published functions."""

import datetime

import pytest
import yaml

from away import _quick, builder, protocol
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


SIMPLE = [
    0, 7, -1, 10**17, 10**18, -(10**18), 2**70, True, False, None, 0.0, -0.0, 1.5, -2.25, 1e16, 1e-7, 0.1, float("inf"), 1 + 0j,
    "", "a", "word", "two_words", "Yes", "no", "NULL", "null", "on", "y", "N", "true", "~", "0", "1", "a1", "a b", "_a", "x" * 61, "x" * 62,
    "x" * 99, "ü", "-", "- a", "a\n", "...", "---", "=", "<<", "1_0", "0x1", "1:30", "e", "NaN", "inf", "a-b", "a:", "#a", "word ", " word",
    [], (), [1], [[1]], {}, b"a", [None, True, "a", 1.5], ["no", 1], [1, [2]], ["a\n", 1], type("Text", (str,), {})("word"),
]


@pytest.mark.parametrize("value", SIMPLE, ids=repr)
def test_the_short_cuts_change_nothing(value):
    """Neither in what is written, nor in what is read."""
    for held in (value, [value], (value, 1), [1, value]):
        try:
            expected = yaml.safe_dump(held)
        except yaml.representer.RepresenterError as error:
            with pytest.raises(type(error)):
                _quick.dump(held, yaml.safe_dump)
            continue
        assert _quick.dump(held, yaml.safe_dump) == expected
        for text in (expected, expected + "\n", expected.rstrip("\n")):
            made, wanted = _quick.load(text, yaml.safe_load), yaml.safe_load(text)
            assert repr(made) == repr(wanted)


@pytest.mark.parametrize("text", [
    "", "\n", "...\n", "a\n...\nb", "- a\n  b", "- a\nb", "- \n", "-\n", "- 1\n- ", "a\nb", "- 1\n...\n", "07", "- 07", "1.", "- [1]",
    "[]\n[]", "--- 3", "- 1 # comment", "'a'", "- 1\r\n", "\t1", "- !!str 1", "y", "- Off"])
def test_the_short_cuts_read_as_yaml_does(text):
    try:
        wanted = repr(yaml.safe_load(text))
    except yaml.YAMLError as error:
        with pytest.raises(type(error)):
            _quick.load(text, yaml.safe_load)
    else:
        assert repr(_quick.load(text, yaml.safe_load)) == wanted


def test_the_short_cuts_are_taken():
    def never(_):
        raise AssertionError
    assert _quick.load("- 1\n- word\n- null\n", never) == [1, "word", None] and _quick.load("2.5\n...\n\n", never) == 2.5
    assert _quick.dump((1, "word"), never) == "- 1\n- word\n" and _quick.dump(True, never) == "true\n...\n"


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
