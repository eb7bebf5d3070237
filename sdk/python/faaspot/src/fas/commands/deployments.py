"""Functions by their older name."""

from faaspot.functions import Functions as Deployments

__all__ = ["Deployments"]
