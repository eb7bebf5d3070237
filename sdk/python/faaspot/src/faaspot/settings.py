"""How patient a client is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Time limits and retries of a client.

    A blocking run and a followed log have no limit but `connect_seconds`: they take as long as they take. A lost
    server is noticed by TCP's keep-alive then.
    """

    #: How long making a connection may take.
    connect_seconds: float = 10.0
    #: How long the server may be silent.
    read_seconds: float = 60.0
    #: How often a request is sent again that failed for a passing reason; 0 for never.
    retries: int = 3
    #: The pause before the first retry; it doubles from one to the next. Up to half of each is left off by chance.
    backoff_seconds: float = 0.2
    #: The longest pause. When the server asks for a longer one, by `Retry-After`, its answer is raised instead.
    maximum_backoff_seconds: float = 30.0
