"""The profiles of this user: which servers there are, and which one is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional, TypeVar

from ._connection import NO_PROFILE
from ._profile_file import Profile, ProfileFile
from .exceptions import FaaspotException
from .types import ListedProfile

Self = TypeVar("Self", bound="Profiles")

_SECRETS = ("token", "password")


class Profiles:
    """Reads and changes the configuration file that `fas` uses, too. Nothing here talks to a server."""

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        self._changed = changed

    def __call__(self: Self) -> Self:
        """Itself."""
        return self

    def list(self, all: bool = False) -> list[ListedProfile]:
        """All profiles, their tokens and passwords masked unless `all`."""
        file = ProfileFile.load()
        found: list[ListedProfile] = []
        for name in file.names:
            config = file.existing(name).settings()
            if not all:
                config.update({key: "***" for key in _SECRETS if key in config})
            found.append({"name": name, "active": name == file.active, "config": config})
        return found

    def get(self, name: str) -> dict[str, dict[str, Any]]:
        """One profile, as `{name: settings}`."""
        return {name: ProfileFile.load().existing(name).settings()}

    def current(self) -> dict[str, dict[str, Any]]:
        """The active profile, as `{name: settings}`."""
        file = ProfileFile.load()
        if file.active is None:
            raise FaaspotException(NO_PROFILE)
        return {file.active: file.existing(file.active).settings()}

    def use(self, name: str, suppress_error: bool = False) -> Optional[str]:
        """Makes a profile the active one. With `suppress_error`, returns None where that cannot be."""
        try:
            file = ProfileFile.load()
            if not file.existing(name).has_credentials:
                raise FaaspotException(f"Profile `{name}` has neither a token nor a user and password.")
            file.activate(name)
            self._save(file)
        except FaaspotException:
            if suppress_error:
                return None
            raise
        return f"Current profile: {name}"

    def create(
        self,
        name: Optional[str] = None,
        username: Optional[str] = None,
        password: Optional[str] = None,
        application: Optional[str] = None,
        token: Optional[str] = None,
        host: Optional[str] = None,
        port: Optional[int] = None,
        protocol: Optional[str] = None,
        certificate: Optional[str] = None,
        update_if_exist: bool = False,
        set_as_active_profile: bool = False,
        *,
        api_prefix: Optional[str] = None,
        trust_all: Optional[bool] = None,
    ) -> str:
        """Adds a profile; the first one becomes the active one. `name` is `default` where none is given."""
        name = name or "default"
        changes = _profile(
            username, password, application, token, host, port, protocol, certificate, api_prefix, trust_all)
        file = ProfileFile.load()
        existing = file.get(name)
        if existing is not None and not update_if_exist:
            raise FaaspotException(
                f"Command invalid. Profile `{name}` already exists.\nUse --update-if-exist if you wish to update it.")
        file.set(name, changes)
        if set_as_active_profile:
            file.activate(name)
        self._save(file)
        return f"Profile created: {name}" if existing is None else f"Profile `{name}` updated successfully"

    def update(
        self,
        name: str,
        username: Optional[str] = None,
        password: Optional[str] = None,
        application: Optional[str] = None,
        token: Optional[str] = None,
        host: Optional[str] = None,
        port: Optional[int] = None,
        protocol: Optional[str] = None,
        certificate: Optional[str] = None,
        *,
        api_prefix: Optional[str] = None,
        trust_all: Optional[bool] = None,
    ) -> str:
        """Changes settings of a profile; the others stay."""
        changes = _profile(
            username, password, application, token, host, port, protocol, certificate, api_prefix, trust_all)
        file = ProfileFile.load()
        file.existing(name)
        file.set(name, changes)
        self._save(file)
        return f"Profile `{name}` updated successfully"

    def delete(self, name: str, suppress_error: bool = False) -> Optional[str]:
        """Deletes a profile. When it was the active one, none is. With `suppress_error`, None where there is none."""
        try:
            file = ProfileFile.load()
            if name not in file.names:
                file.existing(name)
            file.remove(name)
            self._save(file)
        except FaaspotException:
            if suppress_error:
                return None
            raise
        return f"Profile `{name}` deleted"

    def _save(self, file: ProfileFile) -> None:
        file.save()
        self._changed()


def _profile(
    username: Optional[str],
    password: Optional[str],
    application: Optional[str],
    token: Optional[str],
    host: Optional[str],
    port: Optional[int],
    protocol: Optional[str],
    certificate: Optional[str],
    api_prefix: Optional[str],
    trust_all: Optional[bool],
) -> Profile:
    try:
        number = None if port is None else int(port)
    except ValueError:
        raise FaaspotException(f"The port `{port}` must be a number from 1 to 65535.") from None
    return Profile(
        host=host, port=number, protocol=protocol, token=token, username=username, password=password,
        application=application, certificate=certificate, trust_all=trust_all, api_prefix=api_prefix)
