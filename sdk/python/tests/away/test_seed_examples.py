"""The examples of the source, as they are printed there."""

import asyncio
import textwrap
import warnings

import pytest

START = """
from away import builder, FaasConnection
faas = FaasConnection('my-faas-server.com', port=8080, user='admin', password='1234')  # connects and logs in
"""
LOCAL = """
from away import builder, FaasConnection
faas = FaasConnection(password=1234)  # logs in to localhost:8080 as admin
"""


@pytest.fixture
def example(execute, gateway, named_hosts):
    """Runs an example; lines that await run inside an `async def`."""

    def run(start, text, **variables):
        text = (start + text).replace("'1234'", repr(gateway.password)).replace("password=1234", f"password={gateway.password!r}")
        return execute(text, **variables)

    return run


def awaited(text):
    """An `async def` around lines that await, which returns its variables."""
    return "async def main():\n" + textwrap.indent(text, "    ") + "    return locals()\n"


def test_a_plain_function(example, fibonacci):
    variables = example(START, """
@builder.faas_function(faas)
def fibonacci(n):
	pass
result = fibonacci(10)
number = builder.sync_from_name('fibonacci', faas, unpack_args=int)(10)
""")
    assert variables["result"] == "55\n" and variables["number"] == 55


def test_an_awaited_function(example, fibonacci):
    variables = example(START, """
@builder.faas_function(faas)
async def fibonacci(n):
	pass
""" + awaited("res = await fibonacci(10)\n"))
    assert asyncio.run(variables["main"]())["res"] == "55\n"


@pytest.mark.parametrize("name", ["sync_from_faas_str", "sync_from_name"])
def test_a_function_by_name(example, fibonacci, name):
    variables = example(START, """
fibonacci_with_a_different_name = builder.sync_from_faas_str('fibonacci', faas)
result = fibonacci_with_a_different_name(55)
""".replace("sync_from_faas_str", name))
    assert variables["result"] == "139583862445\n"


def test_results_with_their_status(example, fibonacci):
    variables = example(START, """
@builder.faas_function(faas, implicit_exception_handling=False)
def fibonacci(name):
	pass
result = fibonacci(10)
failed = fibonacci('x')
""")
    assert variables["result"] == ("55\n", 200)
    text, status = variables["failed"]
    assert status == 500 and text.startswith("exit status 1\n") and "ValueError" in text


def test_the_protocol_by_hand(example, faas, execute):
    published = execute("""
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)
""")["fibonacci"]
    from away import builder
    builder.mirror_in_faas(published, faas)
    variables = example(START, """
from away import protocol
packer_function = protocol.make_client_pack_args_fn(safe_args=True)
unpacker_function = protocol.make_client_unpack_args_fn(safe_args=True)
@builder.faas_function(faas, pack_args=packer_function, unpack_args=unpacker_function)
def fibonacci(n):
	pass  # proxy to a fibonacci published with Away: fibonacci(10) sends YAML, returns the integer fifty-five
result = fibonacci(10)
""")
    assert variables["result"] == 55


def test_publishing(example, faas):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        variables = example(LOCAL, """
@builder.publish(faas) # builds a function container and pushes it to the `faas` server
def sum_two_numbers(A,B):
	return A + B
res = sum_two_numbers(1,2)  # deployed as sum-two-numbers, in truth without a container; the integer three
""")
    assert variables["res"] == 3
    assert faas.check_fn_present("sum-two-numbers") and faas.is_away_protocol("sum-two-numbers")


def test_publishing_an_async_function(example):
    variables = example(LOCAL, """
@builder.publish(faas)
async def sum_all_numbers(l):
	res = 0
	for n in l:
		res = res + n
	return res
""" + awaited("res = await sum_all_numbers([1,2,3,4])\n"))
    assert asyncio.run(variables["main"]())["res"] == 10


def test_mirroring(example):
    with pytest.warns(SyntaxWarning, match="secret"):
        variables = example(LOCAL, """
secret = 123
def add_secret(n):
	return n + secret
add_secret_in_faas = builder.mirror_in_faas(add_secret, faas)
here = add_secret(1)  # runs locally: one hundred and twenty-four; sees later changes of secret
there = add_secret_in_faas(1)  # runs on the server: one hundred and twenty-four; does not see them
secret = 0
later = add_secret(1), add_secret_in_faas(1)
""")
    assert (variables["here"], variables["there"], variables["later"]) == (124, 124, (1, 124))


def test_unsafe_arguments(example):
    with pytest.warns(UserWarning, match="unsafe mode"):
        variables = example(LOCAL, """
@builder.publish(faas, safe_args=False)
def use_unsafe_arg(rang):
	res = 0
	for i in rang:
		res += i
	return res  # deployed with a warning; use_unsafe_arg(range(5)) returns the integer ten
result = use_unsafe_arg(range(5))
""")
    assert variables["result"] == 10
