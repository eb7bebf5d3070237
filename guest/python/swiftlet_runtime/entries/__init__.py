"""How a user's module is called: one adapter for each face. An adapter is bound once, when the image is taken."""

from importlib import import_module

from ..faults import MissingEntry

__all__ = ["MissingEntry", "bind"]


def bind(module, face: str, entry: str | None):
    """Return the adapter that calls ``module`` as users of ``face`` expect; raise MissingEntry when it has no entry."""
    return import_module(f"{__name__}.{face}").Entry(module, entry)
