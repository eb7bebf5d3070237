"""Functions in folders, described by a stack file, as the `faas` command makes and deploys them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from . import _gateway, _templates
from .exceptions import EnsureException

if TYPE_CHECKING:
    from .FaasConnection import FaasConnection

_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")
#: What a function's folder may hold that is no part of it.
_SKIPPED = frozenset(("build", "template", "__pycache__"))
#: Names in the stack file and in a deployment.
_COPIED = {
    "labels": "labels", "annotations": "annotations", "environment": "envVars", "secrets": "secrets", "limits": "limits",
    "requests": "requests", "constraints": "constraints", "namespace": "namespace", "readonly_root_filesystem": "readOnlyRootFilesystem",
}


def create(registry_prefix: str, name: str) -> None:
    """Writes `NAME/`, `NAME.yml` and, unless it is there, `template/python3/` into the current directory."""
    folder, file = Path(name), Path(f"{name}.yml")
    for each in (folder, file):
        if each.exists():
            raise EnsureException(f"{each} exists already; remove it or choose another name")
    template = Path("template", _templates.LANGUAGE)
    if not template.exists():
        _write(template, _templates.RUNNER_FILES)
        _write(template / "function", _templates.HANDLER_FILES)
    _write(folder, {path.name: path.read_bytes() for path in (template / "function").iterdir() if path.is_file()})
    image = f"{registry_prefix}/{name}:latest" if registry_prefix else f"{name}:latest"
    file.write_text(
        f"version: 1.0\nprovider:\n  name: openfaas\n  gateway: http://127.0.0.1:8080\nfunctions:\n  {name}:\n"
        f"    lang: {_templates.LANGUAGE}\n    handler: ./{name}\n    image: {image}\n")


def publish(faas: FaasConnection, name: str) -> None:
    """Builds and deploys every function of `NAME.yml`."""
    file = Path(f"{name}.yml")
    try:
        stack = yaml.safe_load(_VARIABLE.sub(_substitute, file.read_text()))
        functions = dict(stack["functions"])
    except OSError as error:
        raise EnsureException(f"{file} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise EnsureException(f"{file} is no stack file: it must be YAML with `functions`") from error
    for service, function in functions.items():
        missing = [key for key in ("lang", "handler", "image") if not (function or {}).get(key)]
        if missing:
            raise EnsureException(f"{file}: the function {service} lacks {', '.join(missing)}")
        _publish(faas, service, function, file.parent)


def _publish(faas: FaasConnection, service: str, function: Mapping[str, Any], folder: Path) -> None:
    template = folder / "template" / function["lang"]
    files = _read(template) if template.is_dir() else _templates.files_of(function["lang"])
    try:
        description = yaml.safe_load(files["template.yml"])
        process = str(description.get("fprocess", ""))
        handlers = str(description.get("handler_folder", "function"))
    except (KeyError, AttributeError, yaml.YAMLError) as error:
        raise EnsureException(f"{template} is no template: its template.yml is missing or no YAML map") from error
    own = _read(folder / function["handler"])
    if not own:
        raise EnsureException(f"The function {service} has no files in {function['handler']}")
    files.update({f"{handlers}/{name}": content for name, content in own.items()})
    _gateway.build(faas, function["image"], files, lambda line: None)
    deployment = {"service": service, "image": function["image"], "envProcess": function.get("fprocess") or process, "labels": {}}
    deployment.update({key: function[written] for written, key in _COPIED.items() if function.get(written)})
    if "envVars" in deployment:
        deployment["envVars"] = {key: _text(value) for key, value in deployment["envVars"].items()}
    _gateway.deploy(faas, deployment)


def _substitute(match: re.Match[str]) -> str:
    return os.environ.get(match[1]) or match[2] or ""


def _text(value: Any) -> str:
    """A value of the environment as YAML spells it: `true` and not `True`."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _read(folder: Path) -> dict[str, bytes]:
    """The files below a folder by their path in it."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    inner = {path: path.relative_to(folder) for path in paths}
    return {path.as_posix(): file.read_bytes() for file, path in inner.items() if not _SKIPPED & set(path.parts[:-1])}
