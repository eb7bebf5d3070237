"""Code, contexts and requirements on their way to the server and back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, Any, Union
from urllib.parse import quote, unquote

from .exceptions import FaaspotException

#: The path of a file, or the file itself, open for reading.
File = Union[str, "os.PathLike[str]", IO[Any]]


def read(file: File) -> str:
    """The text of a file in UTF-8."""
    try:
        content = Path(file).read_bytes() if isinstance(file, (str, os.PathLike)) else file.read()
        text = content.decode("utf-8") if isinstance(content, bytes) else content
    except UnicodeDecodeError as error:
        raise FaaspotException(f"`{_name(file)}` is not text in UTF-8.") from error
    except OSError as error:
        raise FaaspotException(f"`{_name(file)}`: {error.strerror or error}") from error
    if not isinstance(text, str):
        raise FaaspotException(f"`{_name(file)}` does not hold text.")
    return text


def encode(text: str) -> str:
    """Percent-encodes, as the API wants texts."""
    return quote(text)


def decode(text: str) -> str:
    """Undoes `encode`."""
    return unquote(text)


def _name(file: File) -> str:
    return os.fspath(file) if isinstance(file, (str, os.PathLike)) else str(getattr(file, "name", file))
