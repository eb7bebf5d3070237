"""What a server's answer means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Optional

from ._operations.steps import Reply
from .exceptions import FaaspotClientError, IllegalExecutionParametersError

_ABSENT = object()


def reply(status: int, reason: str, headers: Mapping[str, str], body: bytes, url: str) -> Reply:
    """The JSON of an answer with status 200; every other answer is raised."""
    try:
        value = json.loads(body)
    except ValueError:
        value = _ABSENT
    if status == 200 and value is not _ABSENT:
        return Reply(value, {name.lower(): text for name, text in headers.items()})
    raw = f"{body.decode('utf-8', 'replace')} [{url}]"
    if not isinstance(value, dict):
        message = raw if value is _ABSENT else value if isinstance(value, str) else json.dumps(value)
        raise FaaspotClientError(message, status_code=status, reason=reason)
    code, traceback = _text(value.get("error_code")), _text(value.get("server_traceback"))
    message = _text(value.get("message")) or _text(value.get("detail")) or "No message."
    kind = IllegalExecutionParametersError if code == IllegalExecutionParametersError.ERROR_CODE else FaaspotClientError
    raise kind(message, server_traceback=traceback, status_code=status, error_code=code, reason=reason)


def _text(value: Any) -> Optional[str]:
    if value is None or value == "":
        return None
    return value if isinstance(value, str) else json.dumps(value)
