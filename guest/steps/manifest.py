"""Writes manifest.json. Usage: manifest.py FOLDER INITIAL_MEMORY CPYTHON_MODULES SOURCE=VERSION… -- PACKAGE=VERSION…"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main(arguments: list[str]) -> None:
    folder, memory, modules = Path(arguments[0]), int(arguments[1]), Path(arguments[2])
    divider = arguments.index("--")
    versions = dict(argument.split("=", 1) for argument in arguments[3:divider])
    packages = dict(argument.split("=", 1) for argument in arguments[divider + 1 :])
    manifest = {
        "format": 1,
        "versions": versions,
        "packages": packages,
        "modules": modules.read_text().split(),
        "initialMemoryBytes": memory,
        "files": {
            name: {"sha256": sha256(folder / name), "bytes": (folder / name).stat().st_size}
            for name in ("python.wasm", "stdlib.zip")
        },
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
