"""Functions and their runs."""

from faaspot.functions import Functions

__all__ = ["Functions"]
