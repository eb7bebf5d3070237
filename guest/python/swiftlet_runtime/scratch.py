"""The scratch folder as an import left it: its files are kept in memory with everything else, and put back for each call."""

import os
import tempfile


def kept() -> list[tuple[str, bytes | str | None]]:
    """Everything in the scratch folder: folders before what is in them, without bytes, files, and links as what they lead to."""
    found = []
    for folder, folders, files in os.walk(tempfile.gettempdir()):
        for name in folders + files:
            path = os.path.join(folder, name)
            if os.path.islink(path):
                found.append((path, os.readlink(path)))
            elif name in folders:
                found.append((path, None))
            else:
                with open(path, "rb") as file:
                    found.append((path, file.read()))
    return found


def put_back(things: list[tuple[str, bytes | str | None]]) -> None:
    """Makes what was there again."""
    for path, data in things:
        if data is None:
            os.mkdir(path)
        elif isinstance(data, str):
            os.symlink(data, path)
        else:
            with open(path, "wb") as file:
                file.write(data)
