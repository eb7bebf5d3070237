"""How a user's module is imported: from its source, under the name and at the place that its face's conventions give it."""

import importlib
import sys
import types


def load(source: str, manifest: dict) -> types.ModuleType:
    """Import ``source`` as ``manifest`` says: ``file``, ``module``, ``root``, and what goes to both ends of ``sys.path``."""
    sys.path[:0] = manifest["front"]
    sys.path += manifest["back"]
    name, filename = manifest["module"], manifest["file"]
    code = compile(source, filename, "exec", dont_inherit=True)
    module = types.ModuleType(name)
    module.__file__ = filename
    parent, _, own = name.rpartition(".")
    if parent:
        module.__package__ = parent
        setattr(_package(parent, manifest["root"]), own, module)
    sys.modules[name] = module
    exec(code, module.__dict__)
    return module


def _package(name: str, root: str) -> types.ModuleType:
    """Import the package that a module is in; without files of its own it is an empty one."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
    package = types.ModuleType(name)
    package.__path__ = [root]
    sys.modules[name] = package
    return package
