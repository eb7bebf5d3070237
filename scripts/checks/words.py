"""Checks for words that have no place in the project, and for files that are too long."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MAXIMUM_LINES = 500

PRINT = re.compile(r"(?<![\w.])print\(")
FORCED = re.compile(r"\btry!")
UNCHECKED = re.compile(r"@unchecked Sendable")
LATER = re.compile(r"\b(?:TO" r"DO|FIX" r"ME)\b")
PRINTERS = ("Sources/Commands/", "Sources/swiftlet/")


def problems_of(path: str, text: str) -> list[str]:
    """What is wrong with one file, each with its line."""
    found = []
    lines = text.splitlines()
    swift = path.endswith(".swift")
    for number, line in enumerate(lines, start=1):
        code = line.split("//", 1)[0] if swift else line
        where = f"{path}:{number}: "
        if swift and path.startswith("Sources/") and not path.startswith(PRINTERS) and PRINT.search(code):
            found.append(where + "`print(` outside the commands; use the logger")
        if swift and FORCED.search(code):
            found.append(where + "`try!`; handle the error")
        if swift and UNCHECKED.search(code) and not any("// SAFETY:" in near for near in lines[max(0, number - 3) : number + 2]):
            found.append(where + "`@unchecked Sendable` without a `// SAFETY:` line beside it")
        if LATER.search(line):
            found.append(where + "work left for later; do it, or file an issue")
    if path.startswith(("Sources/", "Tests/")) and swift and len(lines) > MAXIMUM_LINES:
        found.append(f"{path}: {len(lines)} lines; the ceiling is {MAXIMUM_LINES}")
    return found


def main() -> int:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    found = []
    for path in sorted(filter(None, listing.stdout.split("\0"))):
        file = ROOT / path
        if file.is_file() and not file.is_symlink():
            try:
                found += problems_of(path, file.read_text())
            except UnicodeDecodeError:
                continue  # a picture, an archive
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
