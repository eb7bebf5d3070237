"""What the client takes from its surroundings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Optional


def variable(name: str) -> Optional[str]:
    """A variable's value; None where it is missing or empty."""
    return os.environ.get(name) or None


def home() -> Path:
    """The user's folder."""
    return Path(os.path.expanduser("~"))


def expand(path: str) -> str:
    """`path` with a leading `~/` replaced by the user's folder."""
    return str(home() / path[2:]) if path.startswith("~/") else path
