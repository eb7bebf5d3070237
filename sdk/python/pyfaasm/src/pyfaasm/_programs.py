"""Files of functions, and which of their functions is which."""

from __future__ import annotations

import contextvars
import importlib.util
import inspect
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any, Callable, Optional, Union, overload

Entry = Callable[..., Any]

#: The name of the entry that takes no arguments.
MAIN = "faasm_main"
_OLDEST_MAIN = "main_func"
_MODULE = "function"


class MissingEntry(Exception):
    """A file has no function of the wanted name."""


class Program:
    """One import of a file of functions."""

    def __init__(self, file: Optional[Path] = None, module: Optional[ModuleType] = None) -> None:
        self.file, self.module = file, module
        #: The functions by the number that they were registered under.
        self.registered: dict[int, Entry] = {}
        #: The function that was decorated as the main one.
        self.main: Optional[Entry] = None

    def find(self, name: str) -> Optional[Entry]:
        """The callable attribute of that name; the decorator `faasm_main` is none."""
        found = getattr(self.module, name, None)
        return found if callable(found) and found is not faasm_main else None

    def entry(self, name: str) -> tuple[Entry, bool]:
        """The entry of that name, the main one where it is empty, and whether it takes the input."""
        if name and name != MAIN:
            found = self.find(name)
            if found is None:
                raise MissingEntry(f'Cannot find function "{name}"')
            return found, True
        main = self.find(MAIN) or self.main or self.find(_OLDEST_MAIN)
        if main is None:
            raise MissingEntry(f'Cannot find function "{MAIN}"')
        return main, False


_outside = Program()
_active: contextvars.ContextVar[Program] = contextvars.ContextVar("pyfaasm_program", default=_outside)
_importing = threading.RLock()


def active() -> Program:
    """The program that is being imported or run; one for all where functions run outside of any call."""
    return _active.get()


def activate(program: Program) -> None:
    """Makes `program` the active one of this thread."""
    _active.set(program)


def load(file: Path) -> Program:
    """Imports a file anew, and makes it the active program of this thread."""
    program = Program(file)
    activate(program)
    # The name is one for all imports: pickled objects and the like are looked up under it.
    with _importing:
        folder = str(file.parent)
        if folder not in sys.path:
            sys.path.insert(0, folder)
        spec = importlib.util.spec_from_file_location(_MODULE, file)
        if spec is None or spec.loader is None:
            raise ImportError(f"`{file}` is no Python file.")
        program.module = importlib.util.module_from_spec(spec)
        sys.modules[_MODULE] = program.module
        spec.loader.exec_module(program.module)
    return program


def file_of(function: Entry) -> Optional[Path]:
    """The file that a function is in."""
    try:
        return Path(inspect.getfile(inspect.unwrap(function))).resolve()
    except TypeError:
        return None


def register_function(index: int, function: Entry) -> None:
    """Makes a function the one that calls of that index run."""
    active().registered[int(index)] = function


def clear_registered_functions() -> None:
    """Forgets what was registered."""
    active().registered.clear()
    active().main = None


def faasm_func(index: int) -> Callable[[Entry], Entry]:
    """A decorator that registers a function under an index."""

    def decorate(function: Entry) -> Entry:
        register_function(index, function)
        return function

    return decorate


@overload
def faasm_main(function: Entry) -> Entry: ...
@overload
def faasm_main(function: None = None) -> Callable[[Entry], Entry]: ...
def faasm_main(function: Optional[Entry] = None) -> Union[Entry, Callable[[Entry], Entry]]:
    """A decorator, with or without parentheses, for the function that a call starts with."""

    def decorate(function: Entry) -> Entry:
        active().main = function
        return function

    return decorate if function is None else decorate(function)
