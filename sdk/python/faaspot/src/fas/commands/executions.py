"""Executions."""

from faaspot.executions import Executions

__all__ = ["Executions"]
