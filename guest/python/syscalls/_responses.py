"""What a G2 handler returns."""

from __future__ import annotations

import json
from typing import Any


class Response:
    """A body and a status; subclasses say which."""

    def body_to_bytes(self) -> bytes:
        raise NotImplementedError

    def status_code(self) -> int:
        raise NotImplementedError


class _Valued(Response):
    def __init__(self, val: Any, code: int = 200) -> None:
        self.val, self.code = val, code

    def status_code(self) -> int:
        return self.code


class ResponseDict(_Valued):
    """A value as JSON."""

    def body_to_bytes(self) -> bytes:
        return json.dumps(self.val, allow_nan=False).encode()


class ResponseStr(_Valued):
    """Text as UTF-8."""

    def body_to_bytes(self) -> bytes:
        return self.val.encode()


class ResponseRaw(_Valued):
    """Bytes."""

    def body_to_bytes(self) -> bytes:
        return bytes(memoryview(self.val))
