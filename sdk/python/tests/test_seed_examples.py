"""The seed document's Python examples, as its users type them."""

import re

import pytest

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HELLO = "def main(args, context):\n    return 'Hello {0}'.format(args['name'])\n"
ECHO = "def main(args, context):\n    return args\n"


@pytest.fixture
def FILE_PATH(tmp_path):
    path = tmp_path / "echo.py"
    path.write_text(ECHO)
    return str(path)


def test_the_flow_of_the_seed(local, FILE_PATH, capsys):
    FUNCTION_NAME = "FUNCTION_NAME"

    from faaspot import Faaspot
    faaspot = Faaspot()
    made = faaspot.functions.create(FUNCTION_NAME, file=FILE_PATH)
    assert re.fullmatch(f"Execution id: {UUID.pattern}", made)
    result = faaspot.functions.run(FUNCTION_NAME, {'PARAMETER_1': 'VALUE_1', 'PARAMETER_2': 'VALUE_2'}, wait=True)
    assert result == {'PARAMETER_1': 'VALUE_1', 'PARAMETER_2': 'VALUE_2'}
    execution_id = faaspot.functions.run('FUNCTION_NAME', {'PARAMETER': 'VALUE'})
    assert UUID.fullmatch(execution_id)
    execution = faaspot.executions().get(execution_id)
    print(execution['status'])
    assert capsys.readouterr().out.strip() in ("Pending", "Started", "Success")
    assert list(execution)[:5] == ["uuid", "name", "status", "output", "created"]
    args_list = [{'k1': 'v1', 'k2': 'v2'}, {'k3': 'v3', 'k4': 'v4'}]
    id_list = faaspot.functions.run_bulk(FUNCTION_NAME, args_list)
    assert type(id_list) is not list and isinstance(id_list, list) and len(id_list) == 2
    assert [faaspot.executions.wait(each)["output"] for each in id_list] == args_list
    deleted = faaspot.functions.delete(FUNCTION_NAME)
    assert UUID.fullmatch(deleted["uuid"])


def test_the_encoding_of_the_seed(server, faaspot):
    import json
    from urllib.request import Request, urlopen
    str_to_encode = ECHO + "# ü\n"

    from six.moves.urllib.parse import quote
    encoded_str = quote(str_to_encode.encode("utf-8"))

    body = json.dumps({"name": "encoded", "code": encoded_str, "context": quote(b"a=b")}).encode()
    headers = {"Authorization": f"Token {server.token}"}
    with urlopen(Request(f"{server.url}/v1/functions/", body, headers, method="PUT"), timeout=60) as answer:
        assert UUID.fullmatch(json.load(answer))
    assert faaspot.functions.get("encoded")["code"] == str_to_encode


def test_older_imports(local, deploy):
    deploy("hello", HELLO)
    from fas.commands.deployments import Deployments
    assert Deployments().run('hello', {'name': 'user1'}, wait=True) == "Hello user1"
    from fas.client.exceptions import FaaspotException
    with pytest.raises(FaaspotException, match=r"^404 \(Not Found\): Not found\.$"):
        Deployments().run('nobody', wait=True)


@pytest.mark.parametrize("module, name", [
    ("functions", "Functions"), ("executions", "Executions"), ("spots", "Spots"), ("nodes", "Nodes"), ("profiles", "Profiles")])
def test_every_older_module_is_there(local, module, name):
    from importlib import import_module
    commands = getattr(import_module(f"fas.commands.{module}"), name)()
    assert commands() is commands
    assert isinstance(commands.list(), list)


def test_the_minimal_function_returns_an_empty_text(faaspot, deploy):
    deploy("minimal", "def main(args, context):\n    return ''\n")
    assert faaspot.functions.run("minimal", wait=True) == ""


def test_a_context_file_reaches_the_function(faaspot, deploy, tmp_path):
    context = tmp_path / "context"
    context.write_text('access_key_is = "XYZ"\nsecret_access_key = "123"\n')
    deploy("context", "def main(args, context):\n    return context\n", context_file=str(context))
    assert faaspot.functions.run("context", wait=True) == {"access_key_is": "XYZ", "secret_access_key": "123"}
