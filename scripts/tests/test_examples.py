"""Every example folder is complete, and its Python parses."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
# Those in C are compiled and called by the tests of the sandbox.
NAMES = sorted(folder.name for folder in EXAMPLES.iterdir() if folder.is_dir() and folder.name != "faasm")


@pytest.mark.parametrize("name", NAMES)
def test_an_example_has_code_arguments_and_one_expectation(name):
    folder = EXAMPLES / name
    functions = [node.name for node in ast.parse((folder / f"{name}.py").read_text()).body if isinstance(node, ast.FunctionDef)]
    assert "main" in functions
    assert isinstance(json.loads((folder / "args.json").read_text()), dict)
    expectations = [file for file in ("expected.json", "expected-error.json", "check.py") if (folder / file).exists()]
    assert len(expectations) == 1


@pytest.mark.parametrize("name", NAMES)
def test_the_list_of_examples_names_it(name):
    assert f"[{name}]({name}/{name}.py)" in (EXAMPLES / "README.md").read_text()
