"""How a user's module is called: one adapter for each face. An adapter is bound once, when the image is taken."""

from importlib import import_module

from ..faults import MissingEntry

__all__ = ["MissingEntry", "bind", "file_name"]


def bind(module, face: str, entry: str | None):
    """Return the adapter that calls ``module`` as users of ``face`` expect; raise MissingEntry when it has no entry."""
    return import_module(f"{__name__}.{face}").Entry(module, entry)


def file_name(manifest: dict) -> str:
    """Return what a user's module is called in tracebacks and as its ``__file__``."""
    name = manifest["name"]
    if manifest["face"] == "faasm":
        return f"/pyfuncs/{manifest['namespace']}/{name}/function.py"
    return f"/function/{name}" if name.endswith(".py") else f"/function/{name}.py"
