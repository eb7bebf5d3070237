"""Spots."""

from faaspot.spots import Spots

__all__ = ["Spots"]
