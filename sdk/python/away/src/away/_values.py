"""Values as Python expressions that make them again on the server."""

from __future__ import annotations

import ast
import re
import sys
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

import yaml

from .exceptions import EnsureException

#: What the `repr` of values may name.
_NAMED = {"bytearray": bytearray, "complex": complex, "Ellipsis": ..., "frozenset": frozenset, "range": range, "set": set, "slice": slice}
_LITERAL_NODES = (
    ast.Constant, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.UnaryOp, ast.UAdd, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Load,
    ast.Expression, ast.Call, ast.Name,
)
#: What YAML says of classes, functions and modules that it needs to make an object.
_REFERENCE = re.compile(r"!!python/(?:name|module|object|object/apply|object/new):([\w.]+)")
#: Names that the handler's module binds; see the handler's frame.
IMPORT, YAML = "_away_import", "_away_yaml"


def literal(value: Any) -> str | None:
    """The `repr` of a value where that evaluates to an equal value; None: it does not."""
    try:
        text = repr(value)
        tree = ast.parse(text, mode="eval")
        if not all(_is_literal(each) for each in ast.walk(tree)):
            return None
        made = eval(compile(tree, "<literal>", "eval"), {"__builtins__": {}}, _NAMED)
        return text if made == value and value == made else None
    except Exception:
        # A `repr` or an `==` of someone else's class may raise anything.
        return None


def _is_literal(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        # `...` is what the `repr` of a list that holds itself shows for it.
        return node.value is not Ellipsis
    if isinstance(node, ast.Name):
        return node.id in _NAMED
    return isinstance(node, _LITERAL_NODES)


def from_yaml(value: Any, variable: str) -> str:
    """An expression that makes the value from unsafe YAML. Raises `EnsureException` where that cannot be."""
    try:
        text = yaml.dump(value)
        yaml.load(text, Loader=yaml.Loader)
    except Exception as error:
        # Objects of any class say in their own ways that they cannot be taken apart or put together.
        raise EnsureException(
            f"The variable {variable} cannot be copied to the server: {type(value).__name__} is not to be written as YAML ({error})"
        ) from error
    for name in _REFERENCE.findall(text):
        if not is_on_server(name.split(".")[0]):
            raise EnsureException(
                f"The variable {variable} cannot be copied to the server: it needs {name}, which is there no more than your other"
                " classes are; make the object inside the function")
    return f"{YAML}.load({text!r}, Loader={YAML}.Loader)"


def imported(value: Any) -> str | None:
    """An expression that imports a module, or a class or function of the standard library or an installed package; None: it is neither."""
    if isinstance(value, ModuleType):
        return f"{IMPORT}({value.__name__!r})"
    if not isinstance(value, (type, FunctionType, BuiltinFunctionType)):
        return None
    module, path = getattr(value, "__module__", None), value.__qualname__
    if not isinstance(module, str) or not is_on_server(module.split(".")[0]):
        return None
    found: Any = sys.modules.get(module)
    for part in path.split("."):
        found = getattr(found, part, None)
    return f"{IMPORT}({module!r}).{path}" if found is value else None


def is_on_server(package: str) -> bool:
    """Whether a package is the standard library's or an installed one, not the caller's own code."""
    if package in sys.stdlib_module_names or package == "away":
        return package != "away"
    module = sys.modules.get(package)
    places = [getattr(module, "__file__", None) or "", *(getattr(module, "__path__", None) or [])]
    return any(folder in place for place in places for folder in ("site-packages", "dist-packages"))


def submodules(module: ModuleType, attributes: set[str]) -> list[str]:
    """The modules inside a package that a function may reach through it by these attributes, such as `xml.etree` through `xml`."""
    inner = f"{module.__name__}."
    return sorted(name for name in list(sys.modules) if name.startswith(inner) and attributes.issuperset(name[len(inner):].split(".")))
