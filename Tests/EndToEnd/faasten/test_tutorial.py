"""The tutorial of docs/faasten.md, step by step, as somebody types it."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TUTORIAL = (ROOT / "docs/faasten.md").read_text().split("## Tutorial\n", 1)[1].split("\n## ", 1)[0]
STEPS = re.findall(r"^```sh\n(.*?)^```$", TUTORIAL, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def typed(launch, tmp_path_factory, photo):
    """Runs steps in a shell beside the examples; returns what they print."""
    server = launch()
    folder = tmp_path_factory.mktemp("tutorial")
    for name in ("gen-thumb", "average"):
        shutil.copytree(ROOT / "examples/faasten" / name, folder / name)
    (folder / "photo.jpg").write_bytes(photo)
    if not (server.bin / "fstn").exists():
        (server.bin / "fstn").symlink_to((server.bin / "swiftlet").readlink())
    environment = {
        **server.environment, "PATH": f"{server.bin}:{server.environment['PATH']}", "FSTN_SERVER": server.url,
        "XDG_CONFIG_HOME": str(folder / "config"), "HOME": str(folder),
    }  # fmt: skip

    def run(step: str) -> str:
        # A shell does not end where `!` finds that something succeeded.
        script = re.sub(r"^! (.*)$", r"if \1; then exit 3; fi", step, flags=re.MULTILINE)
        command = ["bash", "-euo", "pipefail", "-c", script]
        done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, timeout=120)
        assert done.returncode == 0, f"{step}\n{done.stdout.decode()}{done.stderr.decode()}\n{server.log.read_text()[-3000:]}"
        return done.stdout.decode()

    run.folder = folder
    return run


def test_the_tutorial_works_from_its_first_line_to_its_last(typed, look):
    printed = [typed(step) for step in STEPS]
    shown = dict(enumerate(printed))
    assert json.loads(shown[0].splitlines()[-1]) == {"login": "alice"}
    assert json.loads(shown[1]) == {"success": True} and json.loads(shown[2]) == {"success": True}
    answer, _, listing = shown[3].partition("\n") if shown[3].startswith("{}\n") else ("{}", "", shown[3].removeprefix("{}"))
    assert answer == "{}" and json.loads(listing) == {"success": True, "value": {"names": ["100-100.jpeg", "75-75.jpeg"]}}
    assert look((typed.folder / "small.jpeg").read_bytes()) == ["JPEG", 75, 70]
    typed("fstn fs cat 'home:<alice,alice/gen-thumb>:100-100.jpeg' > larger.jpeg")
    assert look((typed.folder / "larger.jpeg").read_bytes()) == ["JPEG", 100, 94]
    assert '"names":[]' in shown[4].replace(" ", "") and "may not flow" in shown[5]
    assert '{"rows": 5, "average": 30.0}' in shown[7]
    assert len(STEPS) == 9


def test_the_page_shows_the_example_as_it_is():
    source = (ROOT / "examples/faasten/gen-thumb/workload.py").read_text().split('"""\n\n', 1)[1]
    assert f"```python\n{source}```" in TUTORIAL


def test_the_page_names_what_there_is(alice):
    names = set(re.findall(r"`(?:[A-Z]\w+\.)?(\w+)\(", (ROOT / "docs/faasten.md").read_text()))
    program = """
        places = [cloudcall, syscalls, *[kind for kind in vars(syscalls).values() if isinstance(kind, type)]]
        result = [name for name in names if not any(hasattr(place, name) for place in places)]
    """
    known = {"handle", "str"}
    assert [name for name in alice.run(program, names=sorted(names)) if name not in known] == []
