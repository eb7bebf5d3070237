"""The older name of the package `faaspot`, for programs that import it."""

from faaspot import __version__

__all__ = ["__version__"]
