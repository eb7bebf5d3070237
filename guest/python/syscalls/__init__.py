"""The labelled file system as functions see it: the object with all calls, and the classes of what they take and return."""

from ._blobs import Blob, NewBlob
from ._cloudcall import CloudCall
from ._cloudcall import CloudCall as Syscall
from ._entries import BlobEntry, Directory, DirEntry, FacetedDirectory, File, Gate, Service
from ._errors import CloudCallError, CreateBlobError, CreateFileError, OpenError, ReadBlobError
from ._messages import Buckle, Clause, ClauseList, Component, TokenList, Void
from ._responses import Response, ResponseDict, ResponseRaw, ResponseStr
from ._results import DentKind, HttpVerb, Reply, Result

HttpHead, HttpGet, HttpPost, HttpPut, HttpDelete = HttpVerb

__all__ = [
    "Blob", "BlobEntry", "Buckle", "Clause", "ClauseList", "CloudCall", "CloudCallError", "Component", "CreateBlobError",
    "CreateFileError", "DentKind", "DirEntry", "Directory", "FacetedDirectory", "File", "Gate", "HttpDelete", "HttpGet", "HttpHead",
    "HttpPost", "HttpPut", "HttpVerb", "NewBlob", "OpenError", "ReadBlobError", "Reply", "Response", "ResponseDict", "ResponseRaw",
    "ResponseStr", "Result", "Service", "Syscall", "TokenList", "Void",
]  # fmt: skip

# Tracebacks and reports call them by where they are imported from.
for _name in __all__:
    if isinstance(globals()[_name], type):
        globals()[_name].__module__ = __name__
