"""How a user's module is called: one adapter for each face. An adapter is bound once, when the image is taken."""

from importlib import import_module

from ..faults import MissingEntry

__all__ = ["MissingEntry", "adapter"]


def adapter(face: str):
    """Return the class whose objects call a module as users of ``face`` expect.

    It is made of the module and the entry's name, or None; it raises MissingEntry where the module has no such entry.
    """
    return import_module(f"{__name__}.{face}").Entry
