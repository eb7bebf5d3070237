"""Publishing and mirroring: what is built and deployed, what is refused."""

import asyncio
import io
import json
import os
import sys
import tarfile
import threading

import pytest
import yaml

from away import FaasConnection, builder
from away.exceptions import EnsureException, FaasReturnedError

pytestmark = pytest.mark.usefixtures("quietly")


def add(a, b):
    return a + b


def parts_of(state, image):
    with tarfile.open(fileobj=io.BytesIO(state.archives[image]), mode="r:") as tar:
        return {each.name: tar.extractfile(each).read().decode() for each in tar}


def test_what_is_sent(reference, state, faas):
    state.requests.clear()
    state.functions.pop("add", None)
    annotations = {"mine": "1"}
    builder.mirror_in_faas(add, faas, "registry:1/x", annotations=annotations, module_imports=["six==1.16.0"])
    builder.mirror_in_faas(add, faas, "registry:1/x")
    assert [(each.method, each.path) for each in state.requests] == [
        ("POST", "/build"), ("PUT", "/system/functions"), ("POST", "/system/functions"), ("POST", "/build"), ("PUT", "/system/functions")]
    assert json.loads(state.requests[2].body) == {
        "service": "add", "image": "registry:1/x/add:latest", "envProcess": "python3 index.py", "labels": {},
        "annotations": {"mine": "1", "built-with": "away"}, "envVars": {"combine_output": "false"}}
    assert annotations == {"mine": "1"}
    built = state.requests[0]
    assert built.headers["content-type"] == "application/octet-stream" and built.headers["accept"] == "application/x-ndjson"
    assert all("authorization" in each.headers for each in state.requests)
    with tarfile.open(fileobj=io.BytesIO(built.body), mode="r:") as tar:
        parts = {each.name: tar.extractfile(each).read().decode() for each in tar}
    assert json.loads(parts["com.openfaas.docker.config"]) == {"image": "registry:1/x/add:latest"}
    assert parts["context/function/requirements.txt"] == "pyyaml\nsix==1.16.0\n" and parts["context/function/__init__.py"] == ""
    assert yaml.safe_load(parts["context/template.yml"])["language"] == "python3"
    assert os.listdir() == []


def test_the_handler_is_a_classic_one(reference, state, faas):
    builder.mirror_in_faas(add, faas)
    variables = {"__name__": "handler"}
    exec(parts_of(state, "localhost:5000/add:latest")["context/function/handler.py"], variables)
    assert variables["handle"]("- 1\n- 2\n") == "3\n...\n"


def test_an_existing_function_is_replaced(faas):
    for result in (1, 2):
        def replaced():
            return result  # noqa: B023
        assert builder.mirror_in_faas(replaced, faas)() == result


def test_the_function_stays_usable_here(faas):
    proxy = builder.mirror_in_faas(add, faas)
    assert add(1, 2) == 3 and proxy is not add and proxy.local is add
    proxy = builder.publish(faas)(add)
    assert proxy.local is add and proxy(1, 2) == 3


def test_async_functions_run_as_plain_ones(faas):
    @builder.publish(faas)
    async def add_later(a, b):
        return a + b
    assert asyncio.run(add_later(1, 2)) == 3
    assert builder.sync_from_name_with_protocol("add_later", faas)(1, 2) == 3

    async def awaits_inside():
        async def one():
            return 1
        return asyncio.run(one())
    assert asyncio.run(builder.mirror_in_faas(awaits_inside, faas)()) == 1


async def awaiting():
    await asyncio.sleep(0)


async def iterating():
    return [each async for each in None]


async def entering():
    async with None:
        pass


async def yielding():
    yield 1


@pytest.mark.parametrize("function, sentence", [
    (awaiting, "awaits in its body"), (iterating, "awaits in its body"), (entering, "awaits in its body"),
    (yielding, "asynchronous generator")])
def test_what_cannot_run_without_an_event_loop(faas, function, sentence):
    with pytest.raises(EnsureException, match=sentence):
        builder.mirror_in_faas(function, faas)


class Holder:
    def method(self):
        return 1

    @classmethod
    def of_class(cls):
        return 1

    @staticmethod
    def static(n):
        return n + 1


def with_self(self):
    return self


@pytest.mark.parametrize("function", [Holder().method, Holder.method, Holder.of_class, with_self])
def test_only_functions_without_state(faas, function):
    with pytest.raises(EnsureException, match=r"^Can only build stateless functions\."):
        builder.mirror_in_faas(function, faas)


def test_static_methods_are_functions(faas):
    assert builder.mirror_in_faas(Holder.static, faas)(1) == 2


def test_what_is_no_function(faas):
    for thing in (len, Holder, 7):
        with pytest.raises(EnsureException, match="Only functions can be published"):
            builder.mirror_in_faas(thing, faas)
    with pytest.raises(EnsureException, match="<lambda> is no name"):
        builder.mirror_in_faas(lambda: 1, faas)
    with pytest.raises(EnsureException, match="is a proxy"):
        builder.mirror_in_faas(builder.sync_from_name("add", faas), faas)

    def Capital():
        pass

    def by_name(*, needed):
        pass
    with pytest.raises(EnsureException, match="Capital is no name"):
        builder.mirror_in_faas(Capital, faas)
    with pytest.raises(EnsureException, match="needed must be given by name"):
        builder.mirror_in_faas(by_name, faas)


def test_no_login(gateway):
    faas = FaasConnection(gateway.host, gateway.port, user=None)
    with pytest.raises(EnsureException, match="^OpenFaaS connection is not auth:"):
        builder.mirror_in_faas(add, faas)


def unpack_words(text):
    words = text.split()
    return words, len(words)


def pack_shouting(result):
    return SHOUT % result


SHOUT = "%s!"


def test_own_server_functions(faas):
    def greet(first, second):
        return f"{first} and {second}"
    own = {"server_unpack_args": unpack_words, "server_pack_args": pack_shouting}
    assert builder.mirror_in_faas(greet, faas, **own)("you ", "me") == "you and me!\n"
    assert not faas.is_away_protocol("greet")
    proxy = builder.mirror_in_faas(greet, faas, pack_args=" ".join, unpack_args=str.strip, **own)
    assert proxy("you", "me") == "you and me!"
    for one in own:
        with pytest.raises(EnsureException, match="both server_unpack_args and server_pack_args"):
            builder.mirror_in_faas(greet, faas, **{one: own[one]})


def test_a_failed_build_says_why(faas):
    def fine():
        return 1
    with pytest.raises(FaasReturnedError, match="(?s)localhost:5000/fine:latest failed: .*no-such-native-package"):
        builder.mirror_in_faas(fine, faas, module_imports=["no-such-native-package"])
    assert not faas.check_fn_present("fine")


def test_answers_of_a_build_that_make_no_sense(reference, state, faas):
    answers = [
        (b"", "ends before"), (b'{"status": "in_progress"}\n', "ends before"), (b"oops\n", "no step"), (b"[]", "no step"),
        (b'{"status": "failed", "error": "", "log": ["a line"]}', "does not say why\na line")]
    for body, sentence in answers:
        state.scripted["/build"] = [(200, {}, body)]
        with pytest.raises(FaasReturnedError, match=sentence):
            builder.mirror_in_faas(add, faas)
    state.scripted["/build"] = [(413, {}, b"too much")]
    with pytest.raises(FaasReturnedError, match="Building localhost:5000/add:latest: 413, too much"):
        builder.mirror_in_faas(add, faas)
    state.scripted["/system/functions"] = [(500, {}, b"disk full")]
    with pytest.raises(FaasReturnedError, match="Deploying add: 500, disk full"):
        builder.mirror_in_faas(add, faas)


def test_a_body_that_is_refused_before_it_was_read(reference, state, faas):
    import socket
    listener = socket.create_server(("127.0.0.1", 0))

    def refuse():
        connection, _ = listener.accept()
        connection.recv(100)
        connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 8\r\nConnection: close\r\n\r\ntoo much")
        connection.shutdown(socket.SHUT_WR)
        connection.close()
    thread = threading.Thread(target=refuse)
    thread.start()
    other = FaasConnection("127.0.0.1", listener.getsockname()[1], user=None, ensure_available=False)
    other.auth_address = f"admin:x@{other.address}"

    def large():
        return LARGE
    with pytest.raises(Exception, match="413, too much|broke"):
        builder.mirror_in_faas(large, other)
    thread.join()
    listener.close()


LARGE = "x" * 2_000_000


def test_printing_and_warning_do_not_touch_the_result(faas):
    def chatty():
        import warnings
        print("out")
        print("error", file=sys.stderr)
        warnings.warn("careful", stacklevel=1)
        return 1
    assert builder.mirror_in_faas(chatty, faas)() == 1


def test_a_failure_brings_the_traceback(faas):
    def outer():
        def inner():
            raise ValueError("deep inside")
        inner()
    with pytest.raises(FaasReturnedError) as caught:
        builder.mirror_in_faas(outer, faas)()
    text = caught.value.message
    assert text.startswith("Function returned non 200 code: 500, exit status 1\nTraceback (most recent call last):")
    assert "ValueError: deep inside" in text and "in outer" in text and "in inner" in text and "in handle" not in text


def test_namespaces(faas, reference, state):
    proxy = builder.mirror_in_faas(add, faas, namespace=".dev")
    assert state.functions["add.dev"].deployment["namespace"] == "dev" and proxy(1, 2) == 3
    with pytest.raises(FaasReturnedError, match="400, there is no namespace nowhere"):
        builder.mirror_in_faas(add, faas, namespace="nowhere")


def test_options_of_the_proxy(faas, capsys):
    def picky(n):
        return 1 / n
    proxy = builder.mirror_in_faas(picky, faas, implicit_exception_handling=False, is_auth=True, ensure_present=True, verbose=True)
    assert proxy(2) == (0.5, 200)
    out = capsys.readouterr().out
    assert "building localhost:5000/picky:latest" in out and "deploying picky" in out and "/function/picky" in out


def test_functions_are_published_in_parallel(faas):
    results = {}

    def publish(number):
        def parallel():
            return number
        parallel.__name__ = f"parallel_{number}"
        results[number] = builder.mirror_in_faas(parallel, faas)()
    threads = [threading.Thread(target=publish, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: number for number in range(4)}


def test_calls_between_functions(faas, plain):
    plain("plain-echo", "def handle(req):\n    return req + '!'\n")
    plain_echo = builder.sync_from_name("plain_echo", faas)
    shouting = builder.sync_from_name("plain_echo", faas, pack_args=lambda args: args[0].upper(), unpack_args=str.strip)
    with_status = builder.sync_from_name("plain_echo", faas, implicit_exception_handling=False, unpack_args=len)

    @builder.publish(faas)
    def doubled(n):
        return n * 2

    @builder.publish(faas, safe_args=False)
    def total(numbers):
        return sum(numbers)

    @builder.publish(faas)
    def calls_all(n):
        return [plain_echo("ü", n), shouting("a"), list(with_status("abc")), doubled(n), total(range(n))]
    assert calls_all(4) == ["ü4!\n", "A!", [5, 200], 8, 6]


def test_a_failing_call_between_functions(faas):
    @builder.publish(faas)
    def fails():
        raise ValueError("over there")

    @builder.publish(faas)
    def calls_it():
        return fails()
    with pytest.raises(FaasReturnedError, match="(?s)RuntimeError: Function fails returned non 200 code: 500.*over there"):
        calls_it()


def test_requests_is_required_only_where_used(reference, state, faas):
    remote = builder.mirror_in_faas(add, faas)

    def calls_add():
        return remote(1, 2)
    assert builder.mirror_in_faas(calls_add, faas)() == 3
    assert parts_of(state, "localhost:5000/calls-add:latest")["context/function/requirements.txt"] == "pyyaml\nrequests\n"
    assert parts_of(state, "localhost:5000/add:latest")["context/function/requirements.txt"] == "pyyaml\n"


def test_a_proxy_of_another_connection(gateway, faas):
    other = FaasConnection(gateway.host, gateway.port, user=None)
    elsewhere = builder.sync_from_name("add", other)

    def calls_elsewhere():
        return elsewhere()
    with pytest.raises(EnsureException, match="variable elsewhere .*another FaasConnection"):
        builder.mirror_in_faas(calls_elsewhere, faas)
