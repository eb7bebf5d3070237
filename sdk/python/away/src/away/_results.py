"""Results of the type that the caller asked for: checked, and made from plain data where that loses nothing."""

from __future__ import annotations

import collections.abc
import dataclasses
import json
import types
import typing
from typing import Any, Union

from .exceptions import ResultTypeError


def from_value(value: Any, expected: Any) -> Any:
    """A result of the packing protocol as `expected`: a class, or a type as annotations spell it.

    Lists become tuples and sets, dicts become dataclasses, whole numbers become floats where those are expected.
    Raises `ResultTypeError`.
    """
    return _convert(value, expected, "the result")


def from_text(text: str, expected: Any) -> Any:
    """The response of a plain function as `expected`: `str` without the newline that the template prints, else JSON or a number.

    Raises `ResultTypeError`.
    """
    line = text[:-1] if text.endswith("\n") else text
    if expected is str or expected is Any:
        return line
    try:
        value = json.loads(line)
    except ValueError:
        value = _PYTHON_WORDS.get(line.strip(), line)
    return _convert(value, expected, "the result")


#: What `str()` makes of these, which JSON spells differently.
_PYTHON_WORDS = {"True": True, "False": False, "None": None, "": None}


def _convert(value: Any, expected: Any, where: str) -> Any:
    origin, arguments = typing.get_origin(expected), typing.get_args(expected)
    if origin is typing.Annotated:
        return _convert(value, arguments[0], where)
    if expected is Any or expected is object:
        return value
    if expected is None:
        expected = type(None)
    if origin is Union or origin is types.UnionType:
        return _one_of(value, arguments, where, expected)
    if origin is typing.Literal:
        if any(value == each and type(value) is type(each) for each in arguments):
            return value
        raise _mismatch(value, expected, where)
    if typing.is_typeddict(expected):
        return _typed_dict(value, expected, where)
    if dataclasses.is_dataclass(expected) and isinstance(expected, type):
        return _dataclass(value, expected, where)
    return _collection(value, expected, origin or expected, arguments, where)


def _one_of(value: Any, choices: tuple[Any, ...], where: str, expected: Any) -> Any:
    # What the value is already comes before what it can be made into.
    for choice in choices:
        if isinstance(choice, type) and type(value) is choice:
            return value
    for choice in choices:
        try:
            return _convert(value, choice, where)
        except ResultTypeError:
            continue
    raise _mismatch(value, expected, where)


def _collection(value: Any, expected: Any, kind: Any, arguments: tuple[Any, ...], where: str) -> Any:
    if not isinstance(kind, type):
        raise ResultTypeError(f"Results cannot be checked against {expected!r}; give a class or a type of the standard collections")
    if kind in (tuple, set, frozenset) and isinstance(value, (list, tuple, set, frozenset)):
        return _sequence(value, expected, kind, arguments, where)
    if issubclass(kind, collections.abc.Mapping) and isinstance(value, dict):
        if not arguments:
            return value
        key, item = arguments
        return {_convert(each, key, f"a key of {where}"): _convert(held, item, f"{where}[{each!r}]") for each, held in value.items()}
    if kind in (list, collections.abc.Sequence, collections.abc.Iterable, collections.abc.Collection) and isinstance(value, (list, tuple)):
        item = arguments[0] if arguments else Any
        return [_convert(each, item, f"{where}[{number}]") for number, each in enumerate(value)]
    if kind is float and type(value) is int:
        return float(value)
    # True is an int to Python, but no number to a reader.
    if isinstance(value, kind) and not (isinstance(value, bool) and kind in (int, float)):
        return value
    raise _mismatch(value, expected, where)


def _sequence(value: Any, expected: Any, kind: type, arguments: tuple[Any, ...], where: str) -> Any:
    held = list(value)
    if kind is tuple and arguments and arguments[-1] is not Ellipsis:
        wanted = () if arguments == ((),) else arguments
        if len(wanted) != len(held):
            raise _mismatch(value, expected, where)
        return tuple(_convert(each, item, f"{where}[{number}]") for number, (each, item) in enumerate(zip(held, wanted, strict=False)))
    item = arguments[0] if arguments else Any
    return kind(_convert(each, item, f"{where}[{number}]") for number, each in enumerate(held))


def _typed_dict(value: Any, expected: Any, where: str) -> Any:
    hints = typing.get_type_hints(expected)
    if not isinstance(value, dict) or not expected.__required_keys__ <= value.keys() <= hints.keys():
        raise _mismatch(value, expected, where)
    return {key: _convert(held, hints[key], f"{where}[{key!r}]") for key, held in value.items()}


def _dataclass(value: Any, expected: type[Any], where: str) -> Any:
    if isinstance(value, expected):
        return value
    hints = typing.get_type_hints(expected)
    fields = [each for each in dataclasses.fields(expected) if each.init]
    required = {each.name for each in fields if each.default is each.default_factory is dataclasses.MISSING}
    if not isinstance(value, dict) or not required <= value.keys() <= {each.name for each in fields}:
        raise _mismatch(value, expected, where)
    return expected(**{key: _convert(held, hints[key], f"{where}.{key}") for key, held in value.items()})


def _mismatch(value: Any, expected: Any, where: str) -> ResultTypeError:
    shown = expected.__name__ if isinstance(expected, type) and not typing.get_args(expected) else repr(expected)
    text = repr(value)
    return ResultTypeError(f"{where} should be {shown} and is {type(value).__name__}: {text[:200]}{'…' if len(text) > 200 else ''}")
