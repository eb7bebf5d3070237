"""Copies a function with all that it uses into the source of a module.

Functions keep their structure: those that share a variable still do, each sees the global variables of the module it was written in.
A function of the main module that encloses nothing stands in the result as it was written; another one is made inside a factory,
from which its code is taken and bound to its variables.
"""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
from types import CellType, FunctionType, ModuleType
from typing import Any

from . import _source, _values
from ._cluster import cluster_call
from ._proxy import Proxy
from .exceptions import EnsureException
from .FaasConnection import FaasConnection

BIND, CELL, CACHE, PARTIAL = "_away_bind", "_away_cell", "_away_cache", "_away_partial"
#: Global variables that every module has of its own.
_MODULE_NAMES = frozenset(("__name__", "__doc__", "__file__", "__package__", "__spec__", "__loader__", "__builtins__"))
#: What the handler's frame binds, beside names that begin with `_away`.
_TAKEN = "handle"
#: How collections that are no literals are put together.
_BRACKETS: dict[type, str] = {list: "[%s]", tuple: "(%s)", set: "{%s}", frozenset: "frozenset([%s])"}


class Capture:
    """The captured objects, as statements: first `add_main`, then `add` for others, then the rest is read.

    `main` is the function to publish, while it is being decorated or later. `is_apart` keeps the variables of its module in a dict.
    """

    def __init__(self, main: Any, faas: FaasConnection, is_decorated: bool, is_apart: bool = False) -> None:
        self._faas, self._main, self._is_decorated, self._is_apart = faas, main, is_decorated, is_apart
        innermost = inspect.unwrap(main)
        self._home: dict[str, Any] = innermost.__globals__
        self._is_at_module_level = "." not in main.__qualname__
        #: Objects by what they are called in the result; each is kept so that its id stays its own.
        self._known: dict[int, tuple[Any, str]] = {}
        self._spaces: dict[int, str] = {} if is_apart else {id(self._home): ""}
        self._bound: set[tuple[str, str]] = set()
        self._being_copied: list[int] = []
        self.definitions: list[str] = []
        self.assignments: list[str] = []
        #: Variables that were copied, and names that were found nowhere.
        self.captured: set[str] = set()
        self.missing: set[str] = set()
        self.uses_requests = False

    @property
    def needs_own_space(self) -> bool:
        """Whether a captured name is one that the handler needs for itself, so that the main module must be a space apart."""
        return not self._is_apart and ("", _TAKEN) in self._bound

    def add_main(self) -> str:
        """An expression for the main function. Raises `EnsureException`."""
        name: str = self._main.__name__
        if not self._is_at_module_level:
            return self.add(self._main, name)
        self._bind(self._home, name, self._main)
        space = self._space(self._home)
        return f"{space}[{name!r}]" if space else name

    def add(self, value: Any, variable: str) -> str:
        """An expression for the value, whose parts are captured. `variable` names it in errors. Raises `EnsureException`."""
        if isinstance(value, Proxy):
            return self._proxy(value, variable)
        if isinstance(value, FunctionType):
            return _values.imported(value) or self._function(value, None)
        if (text := _values.imported(value)) is not None:
            return text
        if isinstance(value, type):
            raise EnsureException(f"The variable {variable} is a class of your own, which the server lacks; define it inside the function")
        if (text := _values.literal(value)) is not None:
            return text
        return self._parts(value, variable) or _values.from_yaml(value, variable)

    def _parts(self, value: Any, variable: str) -> str | None:
        """An expression for what holds other values and must be put together from them; None: it is no such thing."""
        if isinstance(value, functools._lru_cache_wrapper):
            return self._cached(value, variable)
        if id(value) in self._being_copied:
            return None
        self._being_copied.append(id(value))
        try:
            if type(value) is functools.partial:
                held = ", ".join(self.add(each, variable) for each in (value.func, value.args, value.keywords))
                return f"{PARTIAL}({held})"
            if type(value) in _BRACKETS:
                return _BRACKETS[type(value)] % "".join(f"{self.add(each, variable)}, " for each in value)
            if type(value) is dict:
                return f"dict([{', '.join(self.add(each, variable) for each in value.items())}])"
            return None
        finally:
            self._being_copied.pop()

    def _cached(self, wrapper: functools._lru_cache_wrapper[Any], variable: str) -> str:
        if id(wrapper) not in self._known:
            name = f"_away_cached_{len(self._known) + 1}"
            self._known[id(wrapper)] = wrapper, name
            function = self.add(wrapper.__wrapped__, variable)
            self.definitions.append(f"{name} = {CACHE}(**{wrapper.cache_parameters()!r})({function})")
        return self._known[id(wrapper)][1]

    def _function(self, function: FunctionType, bound_name: str | None) -> str:
        """The name of a function in the result. `bound_name` is the global variable of its own module that holds it, where one does."""
        if id(function) in self._known:
            return self._known[id(function)][1]
        node = _source.node_of(function)
        space = self._space(function.__globals__)
        free = function.__code__.co_freevars
        number = len(self._known) + 1
        is_direct = not free and bound_name is not None and (bound_name == function.__name__ or isinstance(node, ast.Lambda))
        name = bound_name if is_direct and bound_name else f"_away_function_{number}"
        self._known[id(function)] = function, name
        defaults, late = self._defaults(function, name)
        keyword_defaults, late_by_keyword = self._keyword_defaults(function, name)
        inner = name if is_direct else _source.MADE
        make_sync = function is inspect.unwrap(self._main)
        source = _source.extracted(node, inner, defaults, keyword_defaults, make_sync)
        used = _source.names_in(source, free)
        if is_direct:
            self.definitions.append(source)
        else:
            self.definitions.append(_source.factory(f"_away_make_{number}", source, sorted(used.free_variables)))
            named = zip(free, function.__closure__ or (), strict=True)
            cells = ", ".join(f"{each!r}: {self._cell(cell, each, function)}" for each, cell in named if each in used.free_variables)
            self.definitions.append(f"{name} = {BIND}(_away_make_{number}, {function.__name__!r}, {space or 'globals()'}, {{{cells}}})")
        self.assignments += late + late_by_keyword
        for each in sorted(used.global_variables - _MODULE_NAMES):
            self._global(function, each, used.attributes)
        for each in sorted(used.attributes.intersection(vars(function))):
            self.assignments.append(f"{name}.{each} = {self.add(vars(function)[each], f'{function.__name__}.{each}')}")
        return name

    def _defaults(self, function: FunctionType, name: str) -> tuple[list[str], list[str]]:
        """The texts of the default values, and what sets those that are no literals once everything is there."""
        values = function.__defaults__ or ()
        texts = [_values.literal(each) for each in values]
        if None not in texts:
            return [each for each in texts if each is not None], []
        expressions = [self.add(each, f"{function.__name__} (a default value)") for each in values]
        return ["None"] * len(values), [f"{name}.__defaults__ = ({', '.join(expressions)},)"]

    def _keyword_defaults(self, function: FunctionType, name: str) -> tuple[list[str], list[str]]:
        values = function.__kwdefaults__ or {}
        code = function.__code__
        ordered = [each for each in code.co_varnames[code.co_argcount:code.co_argcount + code.co_kwonlyargcount] if each in values]
        texts = [_values.literal(values[each]) for each in ordered]
        if None not in texts:
            return [each for each in texts if each is not None], []
        expressions = [f"{each!r}: {self.add(values[each], f'{function.__name__} (a default value)')}" for each in ordered]
        return ["None"] * len(ordered), [f"{name}.__kwdefaults__ = {{{', '.join(expressions)}}}"]

    def _global(self, function: FunctionType, name: str, attributes: set[str]) -> None:
        """Copies a global variable that the function uses."""
        variables = function.__globals__
        is_own_name = variables is self._home and name == self._main.__name__
        if is_own_name and (self._is_at_module_level or name not in variables):
            if not self._is_at_module_level and self._is_decorated:
                raise _recursion(name)
            # While a decorator runs, its name is not bound yet, or to something older.
            self._bind(variables, name, self._main)
        elif name in variables:
            value = variables[name]
            self.captured.add(name)
            self._bind(variables, name, value)
            if isinstance(value, ModuleType):
                loads = [f"{_values.IMPORT}({each!r})" for each in _values.submodules(value, attributes)]
                self.assignments += [each for each in loads if each not in self.assignments]
        elif not hasattr(builtins, name):
            self.missing.add(name)

    def _bind(self, variables: dict[str, Any], name: str, value: Any) -> None:
        space = self._space(variables)
        if (space, name) in self._bound:
            return
        self._bound.add((space, name))
        is_own = isinstance(value, FunctionType) and value.__globals__ is variables and _values.imported(value) is None
        text = self._function(value, name if space == "" else None) if is_own else self.add(value, name)
        if space:
            self.assignments.append(f"{space}[{name!r}] = {text}")
        elif text != name:
            self.assignments.append(f"{name} = {text}")

    def _cell(self, cell: CellType, name: str, function: FunctionType) -> str:
        """The name of an enclosed variable in the result."""
        if id(cell) in self._known:
            return self._known[id(cell)][1]
        is_own_name = name == self._main.__name__ and function is inspect.unwrap(self._main)
        if is_own_name and self._is_decorated:
            raise _recursion(name)
        made = f"_away_cell_{len(self._known) + 1}"
        self._known[id(cell)] = cell, made
        self.definitions.append(f"{made} = {CELL}()")
        try:
            value = cell.cell_contents
        except ValueError:
            self.missing.add(name)
            return made
        if not is_own_name:
            self.captured.add(name)
        self.assignments.append(f"{made}.cell_contents = {self.add(value, name)}")
        return made

    def _space(self, variables: dict[str, Any]) -> str:
        """The dict of a module's global variables in the result; empty: those of the result itself."""
        if id(variables) not in self._spaces:
            name = f"_away_space_{len(self._spaces) + 1}"
            self._spaces[id(variables)] = name
            self.definitions.append(f"{name} = {{'__name__': {variables.get('__name__', '')!r}, '__builtins__': __builtins__}}")
        return self._spaces[id(variables)]

    def _proxy(self, proxy: Proxy[Any, Any], variable: str) -> str:
        if id(proxy) in self._known:
            return self._known[id(proxy)][1]
        if proxy.__faas_id__ != hash(self._faas):
            raise EnsureException(f"The variable {variable} calls a function through another FaasConnection; make it with the same one")
        name = f"_away_call_{len(self._known) + 1}"
        self._known[id(proxy)] = proxy, name
        target = proxy._target
        self.definitions.append(cluster_call(name, target))
        if target.is_safe_protocol is None:
            for attribute in ("pack_args", "unpack_args"):
                self.assignments.append(f"{name}.{attribute} = {self.add(getattr(target, attribute), f'{variable} (its {attribute})')}")
        self.uses_requests = True
        return name


def _recursion(name: str) -> EnsureException:
    return EnsureException(
        f"{name} calls itself and is defined inside a function or class, where its own name is not known while it is decorated; use"
        " mirror_in_faas, or define it at module level")
