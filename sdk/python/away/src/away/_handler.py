"""The classic handler that a function is published as."""

from __future__ import annotations

import inspect
import textwrap
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import _quick
from ._capture import BIND, CACHE, CELL, PARTIAL, Capture
from ._source import FUTURE
from ._values import IMPORT, YAML
from .common_utils import is_deployable
from .exceptions import EnsureException
from .FaasConnection import FaasConnection

#: What is printed and warned of inside the function goes to its log: the standard output is the result. The traceback of a failure
#: is part of the answer, from the function's own frame on. What Python learns of this code and of YAML's when they first run, at the
#: end of it, is in the image that calls start from: a first run costs several times what others do.
_FRAME = '''"""The function {name}, published with Away."""
{future}

import sys as _away_sys
import traceback as _away_traceback
from functools import lru_cache as {cache}, partial as _away_partial_of
from importlib import import_module as {imports}
from types import CellType as {cell}, FunctionType as _away_function

import yaml as {yaml}


def {bind}(make, name, variables, cells):
    made = make(*cells)
    code = made.__code__.replace(co_name=name)
    bound = _away_function(code, variables, name, made.__defaults__, tuple(cells[each] for each in code.co_freevars))
    bound.__kwdefaults__ = made.__kwdefaults__
    return bound


def {partial}(function, arguments, keywords):
    return _away_partial_of(function, *arguments, **keywords)


{captured}


def _away_quick():
{quick}
    return load, dump


_away_load, _away_dump = _away_quick()


def _away_unpack(text):
    arguments = {load}
    arguments = () if arguments is None else arguments
    if not isinstance(arguments, (list, tuple)):
        raise TypeError(f'The arguments must be a list. This was provided:{{arguments}}')
    count = len(arguments)
    return (None if count == 0 else arguments[0] if count == 1 else arguments), count


def _away_pack(result):
    return {dump}


def _away_serve(req, function, unpack, pack, least, most):
    output, _away_sys.stdout = _away_sys.stdout, _away_sys.stderr
    try:
        arguments, count = unpack(req)
        if count < least or (most is not None and count > most):
            takes = most if most is not None else f'{{least}} or more'
            raise AssertionError(f'The function takes {{takes}} arguments. {{count}} were provided:{{arguments}}')
        return pack(function(*(() if count == 0 else (arguments,) if count == 1 else arguments)))
    except Exception as error:
        _away_traceback.print_exception(type(error), error, error.__traceback__.tb_next, file=output)
        raise
    finally:
        _away_sys.stdout = output


def handle(req):
    return _away_serve(req, {function}, {unpack}, {pack}, {least}, {most})


for _away_text in ('- 1\\n- x\\n', '[]\\n', '- a: [1, 1.5, true, null]\\n') * 8:
    _away_serve(_away_text, lambda *values: values[0] if values else None, _away_unpack, _away_pack, 0, None)
'''
#: The short cuts, as the body of a function: their names must not meet the captured ones.
_QUICK = textwrap.indent(inspect.getsource(_quick).strip(), "    ")


@dataclass(frozen=True)
class Handler:
    """A handler, ready to be built."""

    source: str
    #: Lines of `requirements.txt`.
    requirements: list[str]


def make(
    function: Callable[..., Any], faas: FaasConnection, *, is_decorated: bool, safe_args: bool,
    server_unpack_args: Callable[..., Any] | None, server_pack_args: Callable[..., Any] | None, module_imports: list[str],
    stacklevel: int,
) -> Handler:
    """The handler for a function, with all that it uses. Warns of what was copied and what was not found.

    `server_unpack_args` and `server_pack_args` replace the packing protocol. Raises `EnsureException`.
    """
    name = function.__name__
    own = {"server_unpack_args": server_unpack_args, "server_pack_args": server_pack_args}
    for is_apart in (False, True):
        capture = Capture(function, faas, is_decorated, is_apart)
        expression = capture.add_main()
        packers = {variable: capture.add(each, variable) for variable, each in own.items() if each is not None}
        if not capture.needs_own_space:
            break
    unpack = packers.get("server_unpack_args", "_away_unpack")
    pack = packers.get("server_pack_args", "_away_pack")
    _warn(name, capture, stacklevel + 1)
    least, most = _counts(function)
    source = _FRAME.format(
        name=name, future=FUTURE, cache=CACHE, imports=IMPORT, cell=CELL, yaml=YAML, bind=BIND, partial=PARTIAL,
        captured="\n\n".join([*capture.definitions, *capture.assignments]), unpack=unpack, pack=pack, function=expression,
        quick=_QUICK, load=f"_away_load(text, {YAML}.safe_load)" if safe_args else f"{YAML}.load(text, Loader={YAML}.Loader)",
        dump=f"_away_dump(result, {YAML}.safe_dump)" if safe_args else f"{YAML}.dump(result)", least=least, most=most)
    requirements = ["pyyaml", *(["requests"] if capture.uses_requests else []), *module_imports]
    return Handler(source, list(dict.fromkeys(requirements)))


def check(function: Callable[..., Any], deployed_name: str) -> None:
    """Raises `EnsureException` for what cannot be published as a function without state."""
    parameters = inspect.signature(function).parameters if callable(function) else {}
    if inspect.ismethod(function) or "self" in parameters:
        raise EnsureException("Can only build stateless functions. Got a method, or a function with a parameter `self`")
    if not inspect.isfunction(inspect.unwrap(function)):
        raise EnsureException(f"Only functions can be published; {function!r} is none, and its source is not available")
    if not is_deployable(deployed_name):
        raise EnsureException(f"{deployed_name} is no name to deploy: up to 63 lower-case letters, digits and inner dashes")
    needed = [each.name for each in parameters.values() if each.kind == each.KEYWORD_ONLY and each.default is each.empty]
    if needed:
        raise EnsureException(f"{function.__name__} cannot be called by position: {', '.join(needed)} must be given by name")


def _counts(function: Callable[..., Any]) -> tuple[int, int | None]:
    """How many arguments the function takes at least and at most; None: any number."""
    parameters = list(inspect.signature(function).parameters.values())
    by_position = [each for each in parameters if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]
    least = sum(each.default is each.empty for each in by_position)
    return least, None if any(each.kind == each.VAR_POSITIONAL for each in parameters) else len(by_position)


def _warn(name: str, capture: Capture, stacklevel: int) -> None:
    if capture.captured:
        copied = ", ".join(sorted(capture.captured))
        warnings.warn(
            f"{name} uses variables from outside, which are copied as they are now: {copied}. Later changes here, and changes there, are"
            " not seen by the other side", SyntaxWarning, stacklevel)
    if capture.missing:
        warnings.warn(
            f"{name} uses names that are found nowhere and are left out: {', '.join(sorted(capture.missing))}", SyntaxWarning,
            stacklevel)
