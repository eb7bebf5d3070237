"""What the results of handlers of the OpenFaaS templates become."""

import json
from collections.abc import Iterator, Mapping

from .. import host
from ..faults import UnusableResult
from .openfaas_request import Headers

_HTML = "text/html; charset=utf-8"
_JSON = "application/json"
#: The headers of most answers, and what becomes of them.
_USUAL = {kind: (("Content-Type", kind),) for kind in (_HTML, _JSON)}
#: By identity: these objects are always there.
_PACKED = {id(headers): host.join(*[text.encode() for pair in headers for text in pair]) for headers in (*_USUAL.values(), ())}
_OK = host.join((200).to_bytes(2, "little"))


class Response:
    """What is answered: its status, body and headers."""

    def __init__(self, body=b"", status=200, headers=()):
        self.body, self.status, self.headers = body, status, headers

    def packed(self) -> bytes:
        known = _PACKED.get(id(self.headers))
        if known is not None and self.status == 200:
            return b"".join((_OK, host.length(len(self.body)), self.body, known))
        texts = [text.encode("utf-8", "replace") for pair in self.headers for text in pair]
        return host.join(self.status.to_bytes(2, "little"), self.body, *texts)


def parts(result):
    """Body, status and headers, the latter as pairs of texts."""
    status, headers = 200, ()
    if isinstance(result, tuple):
        if len(result) == 3:
            result, status, headers = result
        elif len(result) == 2 and isinstance(result[1], (dict, list, tuple, Headers)):
            result, headers = result
        elif len(result) == 2:
            result, status = result
        else:
            raise UnusableResult("a tuple must be (body, status), (body, headers) or (body, status, headers)")
    if headers:
        headers = [(str(name), str(value)) for name, value in (headers.items() if isinstance(headers, Mapping) else headers)]
    return result, status, headers or ()


def response_of(result) -> Response:
    if type(result) is str:
        return Response(result.encode("utf-8", "surrogateescape"), 200, _USUAL[_HTML])
    result, status, headers = parts(result)
    body, kind = _body(result)
    if not headers:
        headers = _USUAL[kind]
    elif not any([name.lower() == "content-type" for name, _ in headers]):
        headers.append(("Content-Type", kind))
    return Response(body, status_of(status), headers)


def _body(result):
    if isinstance(result, str):
        return result.encode("utf-8", "surrogateescape"), _HTML
    if isinstance(result, (bytes, bytearray)):
        return bytes(result), _HTML
    if isinstance(result, (dict, list)):
        try:
            return json.dumps(result).encode() + b"\n", _JSON
        except (TypeError, ValueError) as error:
            raise UnusableResult(f"the returned value cannot be sent as JSON: {error}") from None
    if isinstance(result, Iterator):
        return b"".join(chunk_of(chunk) for chunk in result), _HTML
    raise UnusableResult(f"`handle` returned a {type(result).__name__}, not text, bytes, a dict, a list, an iterator or a tuple")


def chunk_of(chunk) -> bytes:
    if isinstance(chunk, str):
        return chunk.encode("utf-8", "surrogateescape")
    if isinstance(chunk, (bytes, bytearray)):
        return bytes(chunk)
    raise UnusableResult(f"`handle` returned an iterator over a {type(chunk).__name__}, but it must give text or bytes")


def status_of(status) -> int:
    number = int(status.split()[0]) if isinstance(status, str) and status[:3].isdigit() else status
    if not isinstance(number, int) or not 200 <= number <= 999:
        raise UnusableResult(f"{status!r} is no status of an answer: it must be a number from 200 to 999")
    return int(number)
