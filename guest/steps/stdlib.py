"""Compiles a tree of Python files and packs it into a stored zip, the same bytes every time.

Usage: stdlib.py TREE ZIP MOUNT JOBS

Every `X.py` gets its `__pycache__/X.cpython-313.pyc`, never checked against the source, with MOUNT as the folder in
its file names. Entries are sorted, uncompressed, dated 1980, without data descriptors; folders have entries too.
"""

from __future__ import annotations

import os
import py_compile
import subprocess
import sys
import zipfile
from pathlib import Path

# What a .pyc contains depends a little on what the same process compiled before it (which strings are shared), so the
# files are dealt to a fixed number of processes, whatever the machine.
SHARDS = 8


def compile_shard(tree: Path, mount: str, shard: int) -> None:
    for number, source in enumerate(sorted(tree.rglob("*.py"))):
        if number % SHARDS != shard:
            continue
        py_compile.compile(
            str(source),
            dfile=f"{mount}/{source.relative_to(tree).as_posix()}",
            doraise=True,
            optimize=-1,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )


def compile_tree(tree: Path, mount: str, jobs: int) -> None:
    waiting = list(range(SHARDS))
    running: list[subprocess.Popen[bytes]] = []
    environment = dict(os.environ, PYTHONHASHSEED="0")
    while waiting or running:
        while waiting and len(running) < jobs:
            command = [sys.executable, "-s", __file__, "--shard", str(waiting.pop(0)), str(tree), mount]
            running.append(subprocess.Popen(command, env=environment))
        if running.pop(0).wait() != 0:
            sys.exit("stdlib.py: a Python file does not compile; see above")


def pack(tree: Path, archive: Path) -> int:
    entries = sorted(path.relative_to(tree).as_posix() + ("/" if path.is_dir() else "") for path in tree.rglob("*"))
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as output:
        for name in entries:
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            if name.endswith("/"):
                info.external_attr = (0o40755 << 16) | 0x10
                output.writestr(info, b"")
            else:
                info.external_attr = 0o100644 << 16
                output.writestr(info, (tree / name).read_bytes())
    return len(entries)


def main(arguments: list[str]) -> None:
    if arguments[0] == "--shard":
        compile_shard(Path(arguments[2]), arguments[3], int(arguments[1]))
        return
    tree, archive, mount, jobs = Path(arguments[0]), Path(arguments[1]), arguments[2], int(arguments[3])
    compile_tree(tree, mount, jobs)
    print(f"{pack(tree, archive)} entries, {archive.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
