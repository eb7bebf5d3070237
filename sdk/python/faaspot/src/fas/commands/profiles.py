"""Profiles."""

from faaspot.profiles import Profiles

__all__ = ["Profiles"]
