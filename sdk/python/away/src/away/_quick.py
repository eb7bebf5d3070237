"""Short cuts for the commonest YAML, many times faster than the whole of it: single numbers and words, and flat lists of them.

The handler of a published function has this text in it: it uses nothing but the standard library.
"""

import re
from collections.abc import Callable
from typing import Any

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,15}")
_WORD = re.compile(r"[A-Za-z][A-Za-z_]{0,60}")
#: Words that are no text in YAML, or are none to some readers of it.
_SPECIAL = frozenset(("y", "n", "yes", "no", "true", "false", "on", "off", "null"))
_CONSTANTS = {"null": None, "true": True, "false": False}


def load(text: str, otherwise: Callable[[str], Any]) -> Any:
    """The value of a YAML text; `otherwise` reads what is not simple."""
    lines = text.rstrip("\n").split("\n")
    try:
        if lines[0] == "[]" and len(lines) == 1:
            return []
        if lines[0][:2] != "- ":
            if len(lines) == 1 or (len(lines) == 2 and lines[1] == "..."):
                return _value(lines[0])
            return otherwise(text)
        return [_value(line[2:]) if line[:2] == "- " else _value("") for line in lines]
    except LookupError:
        return otherwise(text)


def dump(value: Any, otherwise: Callable[[Any], str]) -> str:
    """The text that `otherwise` makes of a value, made here if it is simple."""
    try:
        if type(value) in (list, tuple):
            return "".join([f"- {_text(each)}\n" for each in value]) or "[]\n"
        return f"{_text(value)}\n...\n"
    except LookupError:
        return otherwise(value)


def _value(text: str) -> Any:
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _WORD.fullmatch(text) and text.lower() not in _SPECIAL:
        return text
    return _CONSTANTS[text]


def _text(value: Any) -> str:
    kind = type(value)
    text = value if kind is str else repr(value)
    if (kind is int and _WHOLE.fullmatch(text)) or (kind is float and _DECIMAL.fullmatch(text)):
        return text
    if kind is str and _WORD.fullmatch(text) and text.lower() not in _SPECIAL:
        return text
    if value is None:
        return "null"
    if kind is bool:
        return text.lower()
    raise LookupError
