"""The Python in the package's own text."""

import re
from pathlib import Path

README = Path(__file__).resolve().parents[2] / "pyfaasm/README.md"


def test_the_example_runs(run):
    (code,) = re.findall(r"^```python\n(.*?)^```", README.read_text(), re.MULTILINE | re.DOTALL)
    done = run(code, "--input", "xy", name="chain.py")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"xyxy\n", b"")
