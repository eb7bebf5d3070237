"""The Python in the documents, run against a real server."""

import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
README = ROOT / "sdk/python/faaspot/README.md"
FENCE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
#: Where a block needs what a server may not have yet.
NEEDS = {"dead_letters": "/v1/dead_letters/", ".logs(": "/v1/executions/{}/logs", ".batch": "/v1/executions/batch/{}",
         "tokens": "/v1/tokens/", "idempotency_key": "/v1/dead_letters/"}
HELLO = "def main(args, context):\n    return 'Hello {0}'.format(args['name'])\n"


def blocks():
    guide = (ROOT / "docs/faaspot.md").read_text().split("## From Python", 1)[1].split("\n## ", 1)[0]
    for name, text in (("README", README.read_text()), ("guide", guide)):
        for number, block in enumerate(FENCE.findall(text), start=1):
            yield pytest.param(block, id=f"{name}-{number}")


@pytest.mark.parametrize("block", list(blocks()))
def test_a_block_runs(block, faaspot, deploy, tmp_path, monkeypatch, offered, server):
    for word, path in NEEDS.items():
        if word in block:
            offered(path)
    for name in [each["name"] for each in faaspot.functions.list() if each["name"].startswith("hello")]:
        faaspot.functions.delete(name, wait=True)
    (tmp_path / "hello.py").write_text(HELLO)
    monkeypatch.chdir(tmp_path)
    if "functions.create(" not in block:
        faaspot.functions.create("hello", io.StringIO(HELLO), wait=True)
    block = block.replace("https://faas.example.org", server.url).replace('"TOKEN"', repr(server.token))
    exec(compile(block, "block", "exec"), {"__name__": "__main__", "faaspot": faaspot, "server": server})
