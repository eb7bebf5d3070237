"""The scratch folder as an import left it: its files are kept in memory with everything else, and put back for each call."""

import os
import tempfile


def kept() -> list[tuple[str, bytes | None]]:
    """Everything in the scratch folder: folders before what is in them, without bytes, and files."""
    found = []
    for folder, folders, files in os.walk(tempfile.gettempdir()):
        found += [(os.path.join(folder, name), None) for name in folders]
        for name in files:
            with open(os.path.join(folder, name), "rb") as file:
                found.append((file.name, file.read()))
    return found


def put_back(things: list[tuple[str, bytes | None]]) -> None:
    """Makes what was there again."""
    for path, data in things:
        if data is None:
            os.mkdir(path)
        else:
            with open(path, "wb") as file:
                file.write(data)
