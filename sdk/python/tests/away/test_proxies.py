"""Proxies: what they send and what becomes of the answer."""

import asyncio
import inspect
import os
import threading

import pytest

from away import FaasConnection, builder, faas_function, protocol
from away.exceptions import EnsureException, FaasFunctionTimedOutError, FaasReturnedError, FaasServiceUnavailableException

ECHO = """
import os, sys
def handle(req):
    return "%s|%s" % (len(req), req)
"""


@pytest.fixture
def echo(plain):
    plain("echo-it", ECHO)


def test_the_request(reference, state, faas, echo):
    state.requests.clear()
    proxy = builder.sync_from_name("echo_it", faas)
    assert proxy("ü", 7, None) == "6|ü7None\n"
    sent = state.requests[-1]
    assert (sent.method, sent.path, sent.body) == ("GET", "/function/echo-it", "ü7None".encode())
    assert sent.headers["content-length"] == "7"
    assert "content-type" not in sent.headers and "authorization" not in sent.headers
    assert proxy() == "0|\n"
    assert state.requests[-1].body == b"" and "content-length" not in state.requests[-1].headers


def test_names_as_they_are(reference, state, faas):
    with pytest.raises(FaasReturnedError, match="404"):
        builder.sync_from_name("echo_it", faas, replace_underscore=False)()
    assert state.requests[-1].path == "/function/echo_it"


def test_stubs_never_run(faas, echo):
    @faas_function(faas)
    def echo_it(value):
        """What it does."""
        raise AssertionError

    assert echo_it("x") == "1|x\n"
    assert (echo_it.__name__, echo_it.__doc__) == ("echo_it", "What it does.")
    assert list(inspect.signature(echo_it).parameters) == ["value"]


def test_async_stubs_are_coroutine_functions(faas, echo):
    @builder.faas_function(faas)
    async def echo_it(value):
        raise AssertionError

    assert inspect.iscoroutinefunction(echo_it) or asyncio.iscoroutinefunction(echo_it)
    assert asyncio.run(echo_it("x")) == "1|x\n"
    assert asyncio.run(builder.async_from_name("echo_it", faas)("y")) == "1|y\n"


def test_proxies_can_be_made_without_an_event_loop_and_used_in_several(faas, echo):
    proxy = builder.async_from_name("echo_it", faas)
    assert [asyncio.run(proxy(n)) for n in range(2)] == ["1|0\n", "1|1\n"]


def test_awaited_calls_overlap(reference, state, faas):
    proxy = builder.async_from_name("waiting", faas)

    async def gathered():
        calls = [asyncio.ensure_future(proxy()) for _ in range(5)]
        for _ in calls:
            assert await asyncio.to_thread(state.arrivals.acquire, timeout=60)
        state.gate.set()
        return await asyncio.gather(*calls)
    assert asyncio.run(gathered()) == ["waited"] * 5


@pytest.mark.parametrize("make", [builder.sync_from_name, builder.async_from_name])
def test_arguments_by_name_are_refused(faas, make):
    proxy = make("echo_it", faas)
    with pytest.raises(TypeError, match="by position only; got value by name"):
        result = proxy(value=1)
        if inspect.isawaitable(result):
            asyncio.run(result)


def test_own_packers(faas, echo):
    proxy = builder.sync_from_name(
        "echo_it", faas, pack_args=lambda args: "+".join(map(str, args)), unpack_args=lambda text: tuple(text.split("|")))
    assert proxy(1, 2) == ("3", "1+2\n")
    assert builder.sync_from_name("echo_it", faas, pack_args=lambda args: b"bytes")() == "5|bytes\n"
    with pytest.raises(TypeError, match="pack_args of echo_it returned list"):
        builder.sync_from_name("echo_it", faas, pack_args=list)()


def test_statuses(reference, state, faas):
    proxy = builder.sync_from_name("some_name", faas)
    state.scripted["/function/some-name"] = [(502, {}, b""), (201, {}, b"made"), (500, {}, b"broken")]
    with pytest.raises(FaasFunctionTimedOutError) as timed_out:
        proxy()
    assert timed_out.value.message == "Function some-name timed out" == str(timed_out.value)
    with pytest.raises(FaasReturnedError) as returned:
        proxy()
    assert returned.value.message == "Function returned non 200 code: 201, made" and returned.value.status == 201
    with pytest.raises(FaasReturnedError, match="^Function returned non 200 code: 500, broken$"):
        proxy()


def test_statuses_without_exceptions(reference, state, faas):
    answers = [(502, {}, b""), (500, {}, b"12"), (200, {}, b"13")]
    state.scripted["/function/some-name"] = list(answers)
    proxy = builder.sync_from_name("some_name", faas, implicit_exception_handling=False)
    assert [proxy() for _ in answers] == [("", 502), ("12", 500), ("13", 200)]
    state.scripted["/function/some-name"] = list(answers)
    proxy = builder.async_from_name("some_name", faas, implicit_exception_handling=False, unpack_args=lambda text: [text])
    assert [asyncio.run(proxy()) for _ in answers] == [([""], 502), (["12"], 500), (["13"], 200)]


def test_an_unknown_function(faas):
    with pytest.raises(FaasReturnedError, match="404, error finding function nobody"):
        builder.sync_from_name("nobody", faas)()


def test_the_charset_of_the_answer(reference, state, faas):
    proxy = builder.sync_from_name("text", faas)
    state.scripted["/function/text"] = [
        (200, {"Content-Type": kind}, body) for kind, body in [
            ("text/plain; charset=iso-8859-1", b"\xfc"), ("text/plain", "ü".encode()), ("text/plain; charset=nonsense", "ü".encode())]]
    assert [proxy() for _ in range(3)] == ["ü"] * 3


def test_ensure_present(faas, fibonacci):
    assert builder.sync_from_name("fibonacci", faas, ensure_present=True)(10) == "55\n"
    for make in (builder.sync_from_name, builder.async_from_name, builder.sync_from_name_with_protocol):
        with pytest.raises(EnsureException, match="no-body is not deployed"):
            make("no_body", faas, ensure_present=True)
    with pytest.raises(EnsureException, match="no-body is not deployed"):
        @builder.faas_function(faas, ensure_present=True)
        def no_body():
            pass


def test_the_login_is_sent_only_where_asked(reference, state, faas):
    state.scripted["/function/x"] = [(200, {}, b""), (200, {}, b"")]
    builder.sync_from_name("x", faas, is_auth=True)()
    assert state.requests[-1].headers["authorization"] == "Basic YWRtaW46MTIzNA=="
    builder.sync_from_name("x", faas)()
    assert "authorization" not in state.requests[-1].headers
    blank = FaasConnection("127.0.0.1", reference.port, user=None)
    with pytest.raises(EnsureException, match="is not auth"):
        builder.sync_from_name("x", blank, is_auth=True)


@pytest.mark.parametrize("namespace", ["dev", ".dev"])
def test_namespaces(reference, state, faas, namespace):
    state.scripted["/function/x.dev"] = [(200, {}, b"there"), (200, {}, b"there")]
    sync, awaited = builder.sync_from_name("x", faas, namespace), builder.async_from_name("x", faas, namespace)
    assert sync() == "there" and asyncio.run(awaited()) == "there"
    endpoint = "http://gateway.openfaas.svc.cluster.local.:8080/function/x.dev"
    assert sync.__faas_croscall_endpoint__ == awaited.__faas_croscall_endpoint__ == endpoint


def test_attributes(faas):
    proxy = builder.sync_from_name("some_name", faas)
    assert proxy.__faas_id__ == hash(faas)
    assert proxy.__faas_croscall_endpoint__ == "http://gateway.openfaas.svc.cluster.local.:8080/function/some-name"
    assert not hasattr(proxy, "__away_protocol_is_safe__")
    for safe in (True, False):
        assert builder.sync_from_name_with_protocol("x", faas, safe_args=safe).__away_protocol_is_safe__ is safe
        assert builder.async_from_name_with_protocol("x", faas, safe_args=safe).__away_protocol_is_safe__ is safe
    by_hand = {"pack_args": protocol.make_client_pack_args_fn(), "unpack_args": protocol.make_client_unpack_args_fn()}
    assert builder.sync_from_name("x", faas, **by_hand).__away_protocol_is_safe__ is True


def test_verbose_prints_steps(faas, echo, capsys):
    builder.sync_from_name("echo_it", faas, verbose=True)("x")
    builder.sync_from_name("echo_it", faas)("x")
    out = capsys.readouterr().out.splitlines()
    assert out == [f"echo_it: GET http://{faas.address}/function/echo-it with 1 bytes", "echo_it: 200 with 4 bytes"]


def test_no_gateway():
    faas = FaasConnection("127.0.0.1", 9, user=None, ensure_available=False)
    with pytest.raises(FaasServiceUnavailableException, match="No connection to the gateway at http://127.0.0.1:9"):
        builder.sync_from_name("x", faas)()


def test_proxies_are_shared_by_threads(faas, echo):
    proxy, results = builder.sync_from_name("echo_it", faas), {}
    threads = [threading.Thread(target=lambda n=n: results.update({n: proxy(n)})) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {n: f"1|{n}\n" for n in range(8)}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_proxies_work_after_a_fork(faas, echo):
    proxy = builder.async_from_name("echo_it", faas)
    assert asyncio.run(proxy("parent")) == "6|parent\n"
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if asyncio.run(proxy("child")) == "5|child\n" else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert asyncio.run(proxy("parent")) == "6|parent\n"


def test_older_names_are_the_same_objects():
    for name in ("sync_from", "async_from"):
        assert getattr(builder, f"{name}_faas_str") is getattr(builder, f"{name}_name")
        assert getattr(builder, f"{name}_faas_str_with_protocol") is getattr(builder, f"{name}_name_with_protocol")


def test_the_parameters_that_programs_rely_on():
    proxies = ("namespace='', ensure_present=False, implicit_exception_handling=True, pack_args, unpack_args, replace_underscore=True,"
               " is_auth=False, verbose=False")
    publishing = ("registry_prefix='localhost:5000', safe_args=True, annotations={}, module_imports=(), enable_dev_building=False,"
                  " server_unpack_args=None, server_pack_args=None, ")
    contract = {
        builder.sync_from_name: f"function_name, faas, {proxies}", builder.async_from_name: f"function_name, faas, {proxies}",
        builder.faas_function: f"faas, {proxies}", builder.publish: f"faas, {publishing}{proxies}",
        builder.mirror_in_faas: f"fn, faas, {publishing}{proxies}",
        FaasConnection: "provider='localhost', port=8080, user='admin', password=None, ensure_available=True, server_architecture=None",
        protocol.make_client_pack_args_fn: "safe_args=True", protocol.make_client_unpack_args_fn: "safe_args=True",
    }
    for function, expected in contract.items():
        parameters = [each for each in inspect.signature(function).parameters.values() if each.kind != each.VAR_KEYWORD]
        packers = ("pack_args", "unpack_args")
        shown = [each.name if each.name in packers else str(each.replace(annotation=each.empty)) for each in parameters]
        assert ", ".join(shown) == expected


def test_the_modules_of_the_package():
    import away
    from away.FaasConnection import FaasConnection as Same
    assert Same is away.FaasConnection is FaasConnection and away.faas_function is builder.faas_function
    assert away.builder and away.protocol and away.exceptions and away.common_utils
    for name in ("FaasReturnedError", "EnsureException", "FaasServiceUnavailableException", "FaasFunctionTimedOutError"):
        error = getattr(away.exceptions, name)("a sentence")
        assert isinstance(error, Exception) and error.message == str(error) == "a sentence"
