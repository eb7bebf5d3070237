"""Faasm functions in Python: input, output, state and chaining. All of it is in `pyfaasm.core`."""

from ._version import __version__

__all__ = ["__version__"]
