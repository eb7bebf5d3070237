"""Spots by their later name."""

from faaspot.spots import Spots as Nodes

__all__ = ["Nodes"]
