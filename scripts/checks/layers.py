"""Checks that a module imports only what Package.swift lets it, and that Package.swift goes downwards only.

The order of targets in Package.swift is the order of layers: `// L4` above some targets puts them into layer 4. A target
may depend on targets above it in the file; targets of the layer of the faces know nothing of each other.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
IMPORT = re.compile(r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?import\s+"
                    r"(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)", re.MULTILINE)
MARK = re.compile(r"""^ *// (?:L(?P<layer>\d)|Tests)|^ *(?:module|\.target|\.executableTarget)\(\s*(?:name: *)?"(?P<target>\w+)\"""",
                  re.MULTILINE)
FACES = 4


def layers(manifest: str) -> dict[str, int]:
    """The layer of every target that is declared below a layer comment; what follows `// Tests` is in none."""
    found: dict[str, int] = {}
    layer = None
    for mark in MARK.finditer(manifest):
        if mark["target"] and layer is not None:
            found.setdefault(mark["target"], layer)
        elif not mark["target"]:
            layer = int(mark["layer"]) if mark["layer"] else None
    return found


def upward(targets: dict[str, set[str]], layer_of: dict[str, int]) -> list[str]:
    """Dependencies of targets that go upwards, or from face to face."""
    order = {name: place for place, name in enumerate(layer_of)}
    problems = []
    for name in layer_of:
        for other in sorted(targets.get(name, set()) & layer_of.keys()):
            if layer_of[other] > layer_of[name] or (layer_of[other] == layer_of[name] and order[other] > order[name]):
                problems.append(f"Package.swift: {name} must not depend on {other}, which is above it")
            elif layer_of[other] == layer_of[name] == FACES:
                problems.append(f"Package.swift: {name} must not depend on {other}: faces are ignorant of each other")
    return problems


def undeclared(targets: dict[str, set[str]], sources: Path) -> list[str]:
    """Imports of modules of ours, or of products of packages, that the target does not declare."""
    ours = set(targets)
    products = set().union(*targets.values())
    problems = []
    for name, dependencies in targets.items():
        for file in sorted((sources / name).rglob("*.swift")):
            for module in sorted(set(IMPORT.findall(file.read_text()))):
                if module != name and module in ours | products and module not in dependencies:
                    problems.append(f"{file.relative_to(sources.parent)}: imports {module}, which {name} does not declare")
    return problems


def main() -> int:
    dump = subprocess.run(["swift", "package", "dump-package"], cwd=ROOT, check=True, capture_output=True, text=True)
    targets = {}
    for target in json.loads(dump.stdout)["targets"]:
        if target["type"] != "test" and not (target.get("path") or "").startswith("Tests"):
            targets[target["name"]] = {next(iter(dependency.values()))[0] for dependency in target["dependencies"]}
    layer_of = layers((ROOT / "Package.swift").read_text())
    problems = [f"Package.swift: {name} stands in no layer" for name in targets if name not in layer_of]
    problems += upward(targets, layer_of) + undeclared(targets, ROOT / "Sources")
    print(*problems, sep="\n", end="\n" if problems else "", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
