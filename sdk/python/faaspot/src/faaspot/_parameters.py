"""The arguments of a run, as its caller may write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Union

from .exceptions import FaaspotException

#: A dict; or texts as on the command line: `"k=v, k2=v2"`, `["k=v", "k2=v2"]`, `[["k=v"], ["k2=v2"]]`.
Parameters = Union[Mapping[str, Any], str, Iterable[Union[str, Iterable[str]]], None]


def parse(parameters: Parameters) -> dict[str, Any]:
    """The arguments as one dict. Those written as texts are strings, and a later one wins over an earlier one."""
    if parameters is None:
        return {}
    if isinstance(parameters, Mapping):
        return dict(parameters)
    pairs: dict[str, str] = {}
    for text in [parameters] if isinstance(parameters, str) else parameters:
        for word in [text] if isinstance(text, str) else text:
            pairs.update(_pairs(word))
    return pairs


def _pairs(word: str) -> dict[str, str]:
    """Splits at commas, each part at its first `=`, and strips blanks.

    A part without `=` continues the value before it, so that `a=1,2` is one pair.
    """
    pairs: dict[str, str] = {}
    last = None
    for part in word.split(","):
        name, sign, value = part.partition("=")
        if sign:
            last = name.strip()
            if not last:
                raise FaaspotException(f"Parameter `{part.strip()}` has no name before its `=`.")
            pairs.pop(last, None)
            pairs[last] = value.strip()
        elif last is not None:
            pairs[last] += "," + part.rstrip()
        elif part.strip():
            raise FaaspotException(f"Parameter `{part.strip()}` must have the form `name=value`.")
    # `a=1,` means one pair with a comma after it.
    if last is not None and pairs[last].endswith(","):
        pairs[last] = pairs[last][:-1]
    return pairs
