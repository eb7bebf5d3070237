"""The Python in the documents and the examples."""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import away
from away import builder

ROOT = Path(__file__).resolve().parents[4]
GUIDE, README = ROOT / "docs/away.md", ROOT / "sdk/python/away/README.md"
FENCE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXAMPLES = sorted((ROOT / "examples/away").glob("*.py"))


def blocks():
    for file in (GUIDE, README):
        for number, block in enumerate(FENCE.findall(file.read_text()), start=1):
            yield pytest.param(block, id=f"{file.stem}-{number}")


@pytest.mark.usefixtures("quietly", "named_hosts", "fibonacci")
@pytest.mark.parametrize("block", list(blocks()))
def test_a_block_runs(block, execute, gateway):
    variables = execute(block.replace('"1234"', repr(gateway.password)))
    if "main" in variables:
        asyncio.run(variables["main"]())


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_runs(file, gateway):
    variables = {"SWIFTLET_GATEWAY": f"http://{gateway.host}:{gateway.port}", "SWIFTLET_PASSWORD": gateway.password,
                 "PYTHONPATH": str(Path(away.__file__).parents[1])}
    done = subprocess.run([sys.executable, file], env={**os.environ, **variables}, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_the_list_of_examples_is_whole():
    assert set(re.findall(r"\]\((\w+\.py)\)", (ROOT / "examples/away/README.md").read_text())) == {file.name for file in EXAMPLES}


def test_the_guide_names_every_builder_parameter_and_exception():
    import inspect
    guide = GUIDE.read_text()
    named = {*inspect.signature(builder.publish).parameters, *away.CallOptions.__annotations__} - {"faas", "options"}
    named |= {name for name, kind in vars(away.exceptions).items() if inspect.isclass(kind) and not name.startswith("_")} - {"Optional"}
    named |= {name for name in vars(away.FaasConnection) if not name.startswith("_")} - {"address", "auth_headers"}
    assert {name for name in named if name not in guide} == set()
