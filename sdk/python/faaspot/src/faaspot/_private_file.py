"""Reading and writing of small files that only their owner may see."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path
from typing import Optional


def write(path: Path, text: str) -> None:
    """Makes the file hold `text` with mode 0600, in one step: a reader sees the old content or the new one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A link may lead to where the file really is kept; the file is replaced there, and the link stays.
    target = Path(os.path.realpath(path))
    descriptor, temporary = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".new", dir=target.parent)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def read_trusted(path: Path) -> Optional[str]:
    """The text of a file that nobody but this user and root could have written; else None."""
    if not hasattr(os, "getuid"):
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with open(descriptor, encoding="utf-8") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_uid not in (os.getuid(), 0) or status.st_mode & 0o022:
            return None
        try:
            return file.read()
        except (OSError, UnicodeDecodeError):
            return None
