"""The packing protocol: how arguments and results of functions published with Away travel as YAML."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import yaml

from . import _quick

#: On packers of this protocol: whether they are the safe ones.
_MARK = "__away_protocol_is_safe__"


def make_client_pack_args_fn(safe_args: bool = True) -> Callable[[Iterable[Any]], str]:
    """Returns what packs the arguments of a call.

    The safe form takes what plain YAML can hold and raises `yaml.representer.RepresenterError` for the rest. The unsafe form
    takes most objects of the standard library; both sides then run code that the other side chooses.
    """

    def pack(args: Iterable[Any]) -> str:
        text: str = _quick.dump(tuple(args), yaml.safe_dump) if safe_args else yaml.dump(tuple(args))
        return text

    setattr(pack, _MARK, safe_args)
    return pack


def make_client_unpack_args_fn(safe_args: bool = True) -> Callable[[str], Any]:
    """Returns what unpacks the result of a call. See `make_client_pack_args_fn` for `safe_args`."""

    def unpack(text: str) -> Any:
        return _quick.load(text, yaml.safe_load) if safe_args else yaml.load(text, Loader=yaml.Loader)

    setattr(unpack, _MARK, safe_args)
    return unpack


def is_safe_protocol(*packers: Callable[..., Any] | None) -> bool | None:
    """Whether these are all the safe (True) or all the unsafe (False) packers of this protocol; None: neither."""
    marks = {getattr(each, _MARK, None) for each in packers}
    return marks.pop() if len(marks) == 1 else None
