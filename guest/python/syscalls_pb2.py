"""The message classes under the name of the module that older functions import them from."""

from syscalls import (
    Buckle,
    Clause,
    ClauseList,
    Component,
    DentKind,
    HttpDelete,
    HttpGet,
    HttpHead,
    HttpPost,
    HttpPut,
    HttpVerb,
    TokenList,
    Void,
)

__all__ = [
    "Buckle", "Clause", "ClauseList", "Component", "DentKind", "HttpDelete", "HttpGet", "HttpHead", "HttpPost", "HttpPut", "HttpVerb",
    "TokenList", "Void",
]  # fmt: skip
