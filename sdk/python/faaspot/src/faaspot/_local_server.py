"""A server of this user on this machine. It announces itself when it starts, so that a client needs no set-up."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from . import _private_file
from ._environment import home, variable

#: Where a server listens that was given no address.
DEFAULT_URL = "http://127.0.0.1:8080"

_ANNOUNCEMENT = "server.json"
_TOKEN = "admin.token"


@dataclass(frozen=True)
class LocalServer:
    """Where an announced server listens, and its data folder."""

    url: str
    data: str


def discover() -> Optional[LocalServer]:
    """The announced server: the one of `SWIFTLET_DATA` where that is set, else the one that started last."""
    folder = variable("SWIFTLET_DATA")
    # A file that somebody else could have written would let him collect tokens, so it does not count.
    text = _private_file.read_trusted((Path(folder) if folder else _runtime_folder()) / _ANNOUNCEMENT)
    try:
        found = json.loads(text or "null")
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    url, data = found.get("url"), found.get("data")
    return LocalServer(url, data) if isinstance(url, str) and isinstance(data, str) else None


def admin_token(server: Optional[LocalServer]) -> Optional[str]:
    """The administrator's token of the announced server, else of the first usual data folder that has one."""
    for folder in [Path(server.data)] if server else _data_folders():
        try:
            words = (folder / _TOKEN).read_text(encoding="utf-8").split()
        except (OSError, UnicodeDecodeError):
            continue
        if words:
            return words[0]
    return None


def _data_folders() -> list[Path]:
    own = variable("SWIFTLET_DATA")
    if own:
        return [Path(own)]
    usual = home() / ".local/share"
    shared = Path(variable("XDG_DATA_HOME") or usual)
    return [shared / "swiftlet", usual / "swiftlet", Path("/var/lib/swiftlet")]


def _runtime_folder() -> Path:
    runtime = variable("XDG_RUNTIME_DIR")
    if runtime:
        return Path(runtime) / "swiftlet"
    return Path(f"/tmp/swiftlet-{os.getuid() if hasattr(os, 'getuid') else 0}")
