"""What runs inside the sandbox around the user's code: it imports a module once and then handles one call.

``prepare`` runs when a function is deployed and ``call`` runs in a copy of the memory that ``prepare`` left behind, so
everything that can be done ahead of a call is done in ``prepare`` or at import.
"""

import asyncio
import functools
import gc
import inspect
import json
import os
import random
import sys

import _swiftlet

from . import eventloop, faults, foreseen, host, modules, refusals, scratch
from .entries import adapter

_decode = json.JSONDecoder().decode
_environ = os.environ
_entry = None
_files: list = []


def prepare() -> None:
    """Import the module given as input part 1, as the JSON object of part 0 says: ``face``, ``entry``, and see ``modules``.

    With ``late``, each call is to import the module itself, because it cannot be imported outside of one.
    """
    global _entry, _files
    manifest = json.loads(host.input_part(0))
    source = host.input_part(1).decode("utf-8-sig")
    faults.remember_source(manifest["file"], source)
    faults.set_root(manifest["root"])
    try:
        # First, so that what it imports is ours and not the user's.
        _entry = functools.partial(_import, adapter(manifest["face"]), source, manifest)
        _swiftlet.make_immortal(True)
        if not manifest.get("late"):
            _entry = _entry()
            foreseen.use()
            _files = scratch.kept()
    except BaseException as error:
        host.put_error(faults.report(error, too_early=host.was_asked_too_early))
    _flush()
    _settle()
    _swiftlet.make_immortal(False)


def _import(entry, source, manifest):
    return entry(modules.load(source, manifest), manifest.get("entry"))


def call() -> None:
    """Handle one call: input part 0 are its arguments, part 1 its context, part 2 its environment, part 3 what else there is to say.

    All but the first are JSON objects, or empty.
    """
    try:
        host.in_call = True
        if _files:
            scratch.put_back(_files)
        environment = host.input_part(2)
        if environment:
            _set_variables(environment)
        entry = _entry() if type(_entry) is functools.partial else _entry
        result = entry()
        if inspect.iscoroutine(result):
            result = asyncio.run(result)
        host.put_output(entry.encode(result))
    except BaseException as error:
        host.put_error(faults.report(error))
    _flush()


def _set_variables(environment: bytes) -> None:
    variables = _decode(environment.decode())
    if os.environ is not _environ:  # the module has put something else there
        os.environ.update(variables)
        return
    # The C library's own copy is nobody's: `update` would take as long as a whole call of a small function.
    _environ._data.update([
        (name.encode("utf-8", "surrogateescape"), value.encode("utf-8", "surrogateescape")) for name, value in variables.items()
    ])


def escaped(error: BaseException) -> None:
    """Tell of an exception that came out of ``prepare`` or ``call``: the deadline's, outside of what they guard."""
    host.put_error(faults.report(error))
    _flush()


def _flush() -> None:
    for name in ("stdout", "stderr"):
        try:
            getattr(sys, name).flush()
        except BaseException:  # a user may have closed, replaced or deleted the stream; what it held is then theirs
            pass


def _settle() -> None:
    # Half of a pair that an import drew would be the first number of every call.
    # (The collector does not name what was frozen at boot; users' classes may overload what is not asked of `type` and `object`.)
    for generator in (random._inst, *gc.get_objects()):
        if issubclass(type(generator), random.Random):
            object.__setattr__(generator, "gauss_next", None)
    # The last of them is the very list of them: it would be frozen, and keep all that the import made for ever.
    del generator
    # Objects that outlive the image need no look from the collector in a call: looking would write to their pages.
    gc.collect()
    gc.freeze()


def _use_lines(stream_name: str) -> None:
    getattr(sys, stream_name).reconfigure(line_buffering=True, errors="backslashreplace")


_use_lines("stdout")
_use_lines("stderr")
refusals.install()
eventloop.install()
faults.install_deadline()
for _ in range(8):
    _flush()
    host.split(host.join(b"", b""))
    _set_variables(b'{"_": "_"}')
del _environ._data[b"_"]
_settle()
_swiftlet.make_immortal(True)
