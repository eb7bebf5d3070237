"""The handlers of examples/openfaas, called as their templates call them."""

import importlib.util
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

FOLDER = Path(__file__).resolve().parents[4] / "examples/openfaas"


@pytest.fixture
def handler():
    """Imports a handler's folder as the package `function`."""
    def load(name):
        folder = FOLDER / name
        spec = importlib.util.spec_from_file_location("function", folder / "__init__.py", submodule_search_locations=[str(folder)])
        sys.modules["function"] = importlib.util.module_from_spec(spec)
        return importlib.import_module("function.handler")
    yield load
    for name in [name for name in sys.modules if name.split(".")[0] == "function"]:
        del sys.modules[name]


def test_greet(handler, monkeypatch, capsys):
    monkeypatch.setenv("greeting", "Hallo")
    assert handler("greet").handle("you\n") == "Hallo you"
    monkeypatch.delenv("greeting")
    assert handler("greet").handle("") == "Hello world"
    assert capsys.readouterr().err == "greeting you\ngreeting world\n"


def test_shorten(handler):
    handle = handler("shorten").handle
    assert handle('{"text": "a sentence that goes on", "width": 12}') == ({"text": "a sentence"}, 200, {"X-Characters-Left-Out": "13"})
    for wrong in ("", "[]", "{}", "7"):
        assert handle(wrong)[1] == 400


def test_totals(handler):
    class Query(dict):
        def getlist(self, name):
            return self.get(name, [])

    def call(path, *numbers):
        return handler("totals").handle(SimpleNamespace(path=path, query=Query(n=list(numbers))), SimpleNamespace(hostname="localhost"))
    assert call("/sum", "1", "2")["body"] == {"total": 3.0, "host": "localhost"}
    assert call("/product", "2", "3")["body"]["total"] == 6.0
    assert call("/sum", "x")["statusCode"] == 400 and call("/")["statusCode"] == 404
    json.dumps(call("/sum"))


def test_the_stack_file_describes_all_handlers():
    functions = yaml.safe_load((FOLDER / "stack.yaml").read_text())["functions"]
    assert {name: each["handler"] for name, each in functions.items()} == {
        folder.parent.name: f"./{folder.parent.name}" for folder in FOLDER.glob("*/handler.py")}
    assert {each["lang"] for each in functions.values()} == {"python3", "python3-flask", "python3-http"}
