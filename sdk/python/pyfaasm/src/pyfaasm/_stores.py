"""Where the bytes of state are kept: in memory, or in a folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Optional


class Store(ABC):
    """Bytes by tenant, kind (a value or a log) and key."""

    @abstractmethod
    def exclusive(self, tenant: str) -> AbstractContextManager[None]:
        """A context in which nobody else reads or changes the tenant's state."""

    @abstractmethod
    def read(self, tenant: str, kind: str, key: str) -> Optional[bytes]:
        """What is there; None where there is nothing."""

    @abstractmethod
    def write(self, tenant: str, kind: str, key: str, content: bytes) -> None:
        """Replaces what is there."""

    @abstractmethod
    def remove(self, tenant: str, kind: str, key: str) -> bool:
        """Removes what is there; tells whether there was something."""


class MemoryStore(Store):
    """State that ends with the process."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._content: dict[tuple[str, str, str], bytes] = {}

    @contextmanager
    def exclusive(self, tenant: str) -> Iterator[None]:
        with self._lock:
            yield

    def read(self, tenant: str, kind: str, key: str) -> Optional[bytes]:
        return self._content.get((tenant, kind, key))

    def write(self, tenant: str, kind: str, key: str, content: bytes) -> None:
        self._content[tenant, kind, key] = content

    def remove(self, tenant: str, kind: str, key: str) -> bool:
        return self._content.pop((tenant, kind, key), None) is not None


class FolderStore(Store):
    """State in files, for several processes and for later: `FOLDER/TENANT/HASH.value` and `.log`.

    Keys are hashed, as they may be longer than the names of files. Processes keep out of each other's way where the
    system has `flock`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()

    @contextmanager
    def exclusive(self, tenant: str) -> Iterator[None]:
        folder = self._of(tenant)
        with self._lock:
            folder.mkdir(parents=True, exist_ok=True)
            with open(folder / "lock", "a") as file:
                with contextlib.suppress(ImportError):
                    import fcntl

                    fcntl.flock(file, fcntl.LOCK_EX)
                yield

    def read(self, tenant: str, kind: str, key: str) -> Optional[bytes]:
        try:
            return self._path(tenant, kind, key).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, tenant: str, kind: str, key: str, content: bytes) -> None:
        descriptor, temporary = tempfile.mkstemp(dir=self._of(tenant), suffix=".new")
        with open(descriptor, "wb") as file:
            file.write(content)
        os.replace(temporary, self._path(tenant, kind, key))

    def remove(self, tenant: str, kind: str, key: str) -> bool:
        try:
            self._path(tenant, kind, key).unlink()
        except FileNotFoundError:
            return False
        return True

    def _of(self, tenant: str) -> Path:
        return self._folder / _hash(tenant)

    def _path(self, tenant: str, kind: str, key: str) -> Path:
        return self._of(tenant) / f"{_hash(key)}.{kind}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


_memory = MemoryStore()
_folders: dict[str, FolderStore] = {}
_folders_lock = threading.Lock()


def current() -> Store:
    """The store: the folder `PYFAASM_STATE_DIR`, else the memory of this process."""
    folder = os.environ.get("PYFAASM_STATE_DIR")
    if not folder:
        return _memory
    with _folders_lock:
        return _folders.setdefault(folder, FolderStore(Path(folder)))
