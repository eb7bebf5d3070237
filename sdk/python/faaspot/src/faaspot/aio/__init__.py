"""The client that awaits."""

from .client import AsyncFaaspot

__all__ = ["AsyncFaaspot"]
