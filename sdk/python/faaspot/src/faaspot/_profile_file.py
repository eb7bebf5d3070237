"""The configuration file: profiles by name, and which one is active. What else it holds is kept."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Optional

import yaml
from yaml.representer import SafeRepresenter

from . import _private_file
from ._environment import expand, home, variable
from .exceptions import FaaspotException

_STRING = "tag:yaml.org,2002:str"
_NULL = "tag:yaml.org,2002:null"

#: The names of the settings in the file, where they are not those of the fields.
_KEYS = {"certificate": "ssl_certificate", "trust_all": "ssl_trust_all", "api_prefix": "api-prefix"}


@dataclass(frozen=True)
class Profile:
    """How to reach one server, all optional."""

    host: Optional[str] = None
    port: Optional[int] = None
    protocol: Optional[str] = None
    token: Optional[str] = None
    username: Optional[str] = None
    password: Optional[str] = None
    application: Optional[str] = None
    certificate: Optional[str] = None
    trust_all: Optional[bool] = None
    api_prefix: Optional[str] = None

    @property
    def has_credentials(self) -> bool:
        """Whether it has what a server asks for: a token, or a user and a password."""
        return self.token is not None or (self.username is not None and self.password is not None)

    def settings(self) -> dict[str, Any]:
        """The settings that are there, under their names in the file."""
        pairs = ((_KEYS.get(field.name, field.name), getattr(self, field.name)) for field in fields(self))
        return {key: value for key, value in pairs if value is not None}

    def updated(self, changes: Profile) -> Profile:
        """This profile, with the settings of `changes` where it has some."""
        return Profile(**{
            field.name: getattr(self, field.name) if getattr(changes, field.name) is None else getattr(changes, field.name)
            for field in fields(self)
        })

    def check(self, name: str) -> Profile:
        """Refuses a port or protocol that cannot be."""
        if self.port is not None and not 1 <= self.port <= 65535:
            raise FaaspotException(f"The port of profile `{name}` is `{self.port}`, but must be a number from 1 to 65535.")
        if self.protocol not in (None, "http", "https"):
            raise FaaspotException(f"The protocol of profile `{name}` is `{self.protocol}`, but must be `http` or `https`.")
        return self


class ProfileFile:
    """The file as it was read, and changes to it."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        try:
            self._root = _mapping(yaml.compose(text, yaml.SafeLoader))
        except yaml.YAMLError as error:
            raise FaaspotException(f"`{path}` is no valid YAML: {error}") from error
        self._section = _child(self._root, "faaspot")
        self._profiles = _child(self._section, "profiles")
        if _get(self._section, "profile") is None:
            self._activate("")

    @classmethod
    def load(cls) -> ProfileFile:
        """Reads the file. Where there is none, one without profiles is made, if that can be."""
        folder = variable("FAASPOT_DIR")
        path = (Path(expand(folder)) if folder else home() / ".faaspot") / (variable("FAASPOT_CONFIG") or "fasconf.yaml")
        try:
            return cls(path, path.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            file = cls(path, "")
        except (OSError, UnicodeDecodeError) as error:
            raise FaaspotException(f"Cannot read `{path}`: {error}") from error
        # A read-only home folder is no reason to refuse what changes no profile.
        with contextlib.suppress(FaaspotException):
            file.save()
        return file

    @property
    def active(self) -> Optional[str]:
        """The name of the active profile; None where there is none."""
        return _text(_get(self._section, "profile"))

    @property
    def names(self) -> list[str]:
        """The names of the profiles in the order of the file."""
        return [key.value for key, _ in self._profiles.value if isinstance(key, yaml.ScalarNode)]

    def get(self, name: str) -> Optional[Profile]:
        """The profile of that name; None where there is none."""
        if name not in self.names:
            return None
        node = _mapping(_get(self._profiles, name))
        found: dict[str, Any] = {}
        for field in fields(Profile):
            text = _text(_get(node, _KEYS.get(field.name, field.name)))
            if text is not None:
                found[field.name] = _typed(field.name, text, name)
        return Profile(**found).check(name)

    def existing(self, name: str) -> Profile:
        """The profile of that name, or an error that says which there are."""
        profile = self.get(name)
        if profile is None:
            names = ", ".join(f"`{each}`" for each in self.names)
            there = f"There are: {names}." if names else "There are none."
            raise FaaspotException(f"Profile `{name}` does not exist. {there}")
        return profile

    def set(self, name: str, profile: Profile) -> None:
        """Adds a profile, or replaces the settings of the one of that name. The first one becomes the active one."""
        is_first = not self.names
        node = _child(self._profiles, name)
        for key, value in profile.check(name).settings().items():
            _set(node, key, SafeRepresenter().represent_data(value))
        if is_first:
            self._activate(name)

    def activate(self, name: str) -> None:
        """Makes the profile of that name the active one."""
        self._activate(name)

    def remove(self, name: str) -> None:
        """Removes the profile of that name; when it was the active one, none is active."""
        self._profiles.value = [pair for pair in self._profiles.value if pair[0].value != name]
        if self.active == name:
            self._activate("")

    def save(self) -> None:
        """Writes the file with mode 0600, and its folder where that is missing."""
        try:
            _private_file.write(self.path, yaml.serialize(self._root, Dumper=yaml.SafeDumper, allow_unicode=True))
        except OSError as error:
            raise FaaspotException(f"Cannot write `{self.path}`: {error}") from error

    def _activate(self, name: str) -> None:
        _set(self._section, "profile", yaml.ScalarNode(_STRING, name), first=True)


def _typed(field: str, text: str, profile: str) -> Any:
    if field == "port":
        try:
            return int(text)
        except ValueError:
            raise FaaspotException(f"The port of profile `{profile}` is `{text}`, but must be a number from 1 to 65535.") from None
    if field == "trust_all":
        return text.lower() in ("true", "yes", "on")
    return text


def _mapping(node: Optional[yaml.Node]) -> yaml.MappingNode:
    return node if isinstance(node, yaml.MappingNode) else yaml.MappingNode("tag:yaml.org,2002:map", [], flow_style=False)


def _get(mapping: yaml.MappingNode, key: str) -> Optional[yaml.Node]:
    return next((value for name, value in mapping.value if name.value == key), None)


def _set(mapping: yaml.MappingNode, key: str, value: yaml.Node, first: bool = False) -> None:
    for index, (name, _) in enumerate(mapping.value):
        if name.value == key:
            mapping.value[index] = (name, value)
            return
    mapping.value.insert(0 if first else len(mapping.value), (yaml.ScalarNode(_STRING, key), value))


def _child(mapping: yaml.MappingNode, key: str) -> yaml.MappingNode:
    """The mapping under `key`, made where there is none."""
    found = _get(mapping, key)
    child = _mapping(found)
    if child is not found:
        _set(mapping, key, child)
    return child


def _text(node: Optional[yaml.Node]) -> Optional[str]:
    """The text of a scalar; what is empty counts as missing."""
    if not isinstance(node, yaml.ScalarNode) or node.tag == _NULL:
        return None
    return node.value or None
