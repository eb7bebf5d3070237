"""How a proxy calls: what may be set for each beside what the original takes."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, TypedDict


@dataclass(frozen=True)
class Retries:
    """When a failed call is made again.

    Always repeated are calls that never reached the gateway. A call whose connection broke, or whose time is over, may have run:
    it is repeated only if `even_if_it_may_have_run`.
    """

    #: How many calls follow the first at most.
    attempts: int = 3
    #: The first pause in seconds; each is twice the one before, less up to a half by chance.
    backoff: float = 0.2
    #: The longest pause in seconds. A `Retry-After` that asks for more ends the attempts.
    maximum_backoff: float = 30.0
    #: Answers that are repeated: by default those that say that the function was not run.
    statuses: Collection[int] = frozenset((429, 503))
    even_if_it_may_have_run: bool = False

    def pause(self, made: int, asked: float = 0.0) -> float | None:
        """The pause in seconds after so many repeated calls, `asked` by the server at least; None: there is no further attempt."""
        if made >= self.attempts or asked > self.maximum_backoff:
            return None
        whole: float = min(self.backoff * 2.0**made, self.maximum_backoff)
        return max(asked, whole * random.uniform(0.5, 1))


class CallOptions(TypedDict, total=False):
    """What every builder takes by keyword beside the original's parameters."""

    #: Seconds for one attempt; without it a call takes as long as it takes.
    timeout: float | None
    #: How many further attempts, or exactly when and how.
    retries: int | Retries
    #: Check the result against the function's return annotation.
    typed: bool
    #: Check the result against this type.
    returns: Any
    #: What to call, here, when the gateway cannot be reached or cannot serve; True: the decorated function itself.
    fallback: bool | Callable[..., Any] | None


class _Anything:
    """Stands for results of any type."""

    def __repr__(self) -> str:
        return "ANYTHING"


#: The default of `returns`, as None is a type to ask for.
ANYTHING: Any = _Anything()


@dataclass(frozen=True)
class Calling:
    """The same, checked."""

    timeout: float | None = None
    retries: int | Retries = 0
    typed: bool = False
    returns: Any = ANYTHING
    fallback: bool | Callable[..., Any] | None = None
    #: The policy in `retries`.
    policy: Retries = field(init=False)

    def __post_init__(self) -> None:
        if self.timeout is not None and not self.timeout > 0:
            raise ValueError(f"timeout is {self.timeout}; it must be more than 0 seconds")
        object.__setattr__(self, "policy", self.retries if isinstance(self.retries, Retries) else Retries(self.retries))
