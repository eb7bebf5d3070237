"""Finds the source of functions and takes it out of its surroundings."""

from __future__ import annotations

import ast
import copy
import dis
import functools
import inspect
from collections.abc import Iterator, Sequence
from types import CodeType, FunctionType
from typing import NamedTuple

from .exceptions import EnsureException

_Found = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
#: Annotations stay unread on the server, where their names may mean nothing.
FUTURE = "from __future__ import annotations"
_FACTORY = "_away_make"
#: The name of a function inside a factory, where its own name must mean what it does elsewhere.
MADE = "_away_made"


def node_of(function: FunctionType) -> _Found:
    """The definition of a function or lambda in its file's syntax tree. Raises `EnsureException` where there is none."""
    code = function.__code__
    try:
        lines, _ = inspect.findsource(code)
        tree = _parsed("".join(lines))
    except (OSError, SyntaxError, ValueError) as error:
        raise EnsureException(f"The source of {function.__qualname__} is not available: {error}") from error
    found: list[_Found] = [
        each for each in ast.walk(tree)
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) and _stands_at(each, code)]
    if len(found) > 1:
        found = [each for each in found if isinstance(each, ast.Lambda) and _is_compiled_to(each, code)]
    if not found:
        raise EnsureException(
            f"The source of {function.__qualname__} is not where Python says: its file was changed since, or several lambdas share a line")
    return found[0]


def extracted(node: _Found, name: str, defaults: Sequence[str], keyword_defaults: Sequence[str], make_sync: bool = False) -> str:
    """The source of a definition alone: named so, without decorators, at the left margin, with these texts as its default values.

    A lambda becomes the assignment of one to `name`. `make_sync` makes `async def` a `def`.
    """
    node = copy.deepcopy(node)
    node.args.defaults = [ast.parse(text, mode="eval").body for text in defaults]
    given = iter(keyword_defaults)
    node.args.kw_defaults = [None if each is None else ast.parse(next(given), mode="eval").body for each in node.args.kw_defaults]
    if isinstance(node, ast.Lambda):
        return f"{name} = {ast.unparse(node)}"
    node.name, node.decorator_list = name, []
    if make_sync and isinstance(node, ast.AsyncFunctionDef):
        node = ast.FunctionDef(**{field: getattr(node, field) for field in node._fields})
    return ast.unparse(ast.fix_missing_locations(node))


def factory(name: str, source: str, free_variables: Sequence[str]) -> str:
    """The source of a function that defines and returns another one, `MADE`, for which these variables are not global."""
    made = ast.parse(f"def {name}({', '.join(free_variables)}):\n    return {MADE}")
    outer = made.body[0]
    assert isinstance(outer, ast.FunctionDef)
    outer.body[:0] = ast.parse(source).body
    return ast.unparse(made)


class Names(NamedTuple):
    """What a definition uses when it is called. Annotations do not count."""

    global_variables: set[str]
    attributes: set[str]
    #: Variables of the functions around it.
    free_variables: set[str]


def names_in(source: str, free_variables: Sequence[str]) -> Names:
    """What a definition uses, where `free_variables` are not global."""
    module = compile(f"{FUTURE}\n{factory(_FACTORY, source, free_variables)}", "<away>", "exec", dont_inherit=True)
    codes = [each for each in _codes(module) if each.co_name != _FACTORY and each is not module]
    names: set[str] = set()
    for code in codes:
        instructions = list(dis.get_instructions(code))
        names |= {each.argval for each in instructions if each.opname in ("LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS")}
        # In the body of a class a name that is stored there is the class's own.
        stored = {each.argval for each in instructions if each.opname == "STORE_NAME"}
        names |= {each.argval for each in instructions if each.opname == "LOAD_NAME"} - stored
    attributes = {name for code in codes for name in code.co_names}
    free = {name for code in codes for name in code.co_freevars}
    return Names(names, attributes, free.intersection(free_variables))


def awaits(node: _Found) -> bool:
    """Whether the body itself awaits; functions defined in it do not count."""
    return any(map(_is_await, _own_nodes(node)))


def _is_await(node: ast.AST) -> bool:
    return isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith)) or (isinstance(node, ast.comprehension) and bool(node.is_async))


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield child
            yield from _own_nodes(child)


@functools.lru_cache(maxsize=32)
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def _stands_at(node: _Found, code: CodeType) -> bool:
    if isinstance(node, ast.Lambda):
        return code.co_name == "<lambda>" and node.lineno == code.co_firstlineno
    if node.name != code.co_name:
        return False
    return min([node.lineno, *(each.lineno for each in node.decorator_list)]) == code.co_firstlineno


def _is_compiled_to(node: ast.Lambda, code: CodeType) -> bool:
    """Whether this one of several lambdas on a line is that code."""
    source = extracted(node, MADE, ["None"] * len(node.args.defaults), ["None"] * len(node.args.kw_defaults))
    made = compile(factory(_FACTORY, source, code.co_freevars), "<away>", "exec", dont_inherit=True)
    return any(_likeness(each) == _likeness(code) for each in _codes(made) if each.co_name == "<lambda>")


def _likeness(code: CodeType) -> tuple[object, ...]:
    # Code within has another address and name each time that it is made.
    values = tuple(repr(each) for each in code.co_consts if not isinstance(each, CodeType) and "<lambda>" not in str(each))
    return code.co_code, values, code.co_names, code.co_varnames, code.co_freevars


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)
