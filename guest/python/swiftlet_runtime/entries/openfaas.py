"""OpenFaaS: `handle` in the manner of one of three templates. A call is an HTTP request, its result an HTTP response.

The request is a list of fields: method, path, query, name of the function, body, then names and values of headers.
The response is one too: status (16 bits), body, then names and values of headers. The context part holds names and
values of secrets, which handlers find as files.
"""

import asyncio
import functools
import inspect
import io
import json
import os
import sys
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs

from .. import faults, host
from ..faults import MissingEntry, UnusableResult

_SECRETS = "/var/openfaas/secrets"
_HTML = "text/html; charset=utf-8"
_JSON = "application/json"

_PLAIN = host.join(b"Content-Type", _JSON.encode())
_STREAMED = host.join(b"X-Swiftlet-Stream", b"1")

# Every call starts from the memory that the import left: it finds these as they are made here.
_environ = os.environ
_output = io.BytesIO()
# Kept by a name of its own: when it goes, it closes what is under it.
_answer = io.TextIOWrapper(_output, "utf-8", errors="surrogateescape", newline="", write_through=True)


def _is_true(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("true", "1")


class Headers(Mapping):
    """Headers by name, in any case; the first value of each."""

    def __init__(self, pairs):
        self.pairs = pairs
        self._values = {}
        for name, value in pairs:
            self._values.setdefault(name.lower(), (name, value))

    def __getitem__(self, name):
        return self._values[name.lower()][1]

    def __iter__(self):
        return iter([name for name, _ in self._values.values()])

    def __len__(self):
        return len(self._values)

    def __repr__(self):
        return f"Headers({self.pairs!r})"


class Query(Mapping):
    """The parameters of a query by name; the first value of each, and `getlist` for all."""

    def __init__(self, text):
        self._values = parse_qs(text, keep_blank_values=True)

    def __getitem__(self, name):
        return self._values[name][0]

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return len(self._values)

    def __repr__(self):
        return f"Query({self._values!r})"

    def getlist(self, name):
        return list(self._values.get(name, ()))

    def to_dict(self):
        return dict(self)


class Request:
    """What a call was sent. Headers are read when somebody asks for them: most handlers do not."""

    def __init__(self, data: bytes):
        # A call by another face has its arguments as JSON, which never begins with the length of a method.
        self.is_plain = not data or data[1:4] != b"\0\0\0"
        if self.is_plain:
            self.method, self.path, self.query, self.body = "POST", "/", "", data
            self._rest = _PLAIN
        else:
            method, path, query, _, self.body, self._rest = host.split(data, 5)
            self.method, self.path, self.query = method.decode(), path.decode("utf-8", "replace"), query.decode("utf-8", "replace")
        # Whoever called reads the printed lines as they come. It is the server that says so, before the caller's headers.
        self.is_streamed = self._rest.startswith(_STREAMED)
        self._headers = None

    @property
    def headers(self):
        if self._headers is None:
            texts = [text.decode("utf-8", "replace") for text in host.split(self._rest)]
            self._headers = Headers(list(zip(texts[::2], texts[1::2], strict=True)))
        return self._headers

    def variables(self):
        """The request as the variables that a program finds in its environment."""
        found = {"Http_Method": self.method, "Http_Path": self.path, "Http_Host": self.headers.get("Host", "")}
        if self.query:
            found["Http_Query"] = self.query
        if self.body or "Content-Length" in self.headers:
            found["Http_Content_Length"] = found["Http_ContentLength"] = str(len(self.body))
        for name, value in self.headers.items():
            canonical = "_".join(part.capitalize() for part in name.split("-"))
            found.setdefault(f"Http_{canonical}", value)
        return {name: value.replace("\0", "") for name, value in found.items()}


class _Variables(dict):
    """The environment of a call. What the request adds is worked out when somebody looks for more than there is."""

    def __init__(self, known, request):
        super().__init__(known)
        self._request = request

    def _fill(self):
        request, self._request = self._request, None
        if request:
            for name, value in request.variables().items():
                # What the handler has set meanwhile stays.
                self.setdefault(_environ.encodekey(name), _environ.encodevalue(value))

    def __missing__(self, key):
        if self._request is None:
            raise KeyError(key)
        self._fill()
        return self[key]

    def __iter__(self):
        self._fill()
        return super().__iter__()

    def __len__(self):
        self._fill()
        return super().__len__()

    def __delitem__(self, key):
        self._fill()
        super().__delitem__(key)


class Response:
    """What is answered: its status, body and headers."""

    def __init__(self, body=b"", status=200, headers=()):
        self.body, self.status, self.headers = body, status, headers

    def packed(self) -> bytes:
        texts = [text.encode("utf-8", "replace") for pair in self.headers for text in pair]
        return host.join(self.status.to_bytes(2, "little"), self.body, *texts)


class Event:
    """The request as `handle(event, context)` sees it."""

    def __init__(self, request):
        self._request = request
        self.body, self.method, self.path = request.body, request.method, request.path

    @property
    def headers(self):
        return self._request.headers

    @functools.cached_property
    def query(self):
        return Query(self._request.query)


class Context:
    """Where `handle(event, context)` runs."""

    def __init__(self):
        self.hostname = os.environ.get("HOSTNAME", "localhost")


class _Tee(io.TextIOBase):
    """Standard error that is a part of the response: what is written goes to the log as well."""

    def __init__(self, response, log):
        self._response, self._log = response, log
        self.buffer = response.buffer

    def writable(self):
        return True

    def write(self, text):
        self._response.write(text)
        return self._log.write(text)

    def flush(self):
        self._response.flush()
        self._log.flush()


def _mount(secrets: bytes) -> None:
    if not secrets:
        return
    os.mkdir(_SECRETS)
    fields = host.split(secrets)
    for name, value in zip(fields[::2], fields[1::2], strict=True):
        with open(f"{_SECRETS}/{name.decode()}", "wb") as file:
            file.write(value)


def _finished(result):
    return asyncio.run(result) if inspect.iscoroutine(result) else result


def _classic(handle, request):
    """The body as text is the argument; what is printed is the response."""
    cgi, combined, kind = [os.environ.get(name, "") for name in ("cgi_headers", "combine_output", "content_type")]
    if cgi.lower() != "false":
        _environ._data = _Variables(_environ._data, request)
    body = request.body.decode("utf-8", "surrogateescape")
    if request.is_streamed:
        return _streamed(handle, body)
    streams = sys.stdout, sys.stderr
    sys.stdout = _answer
    if combined.lower() not in ("false", "0"):
        sys.stderr = _Tee(_answer, streams[1])
    headers = [("Content-Type", kind)] if kind else []
    try:
        try:
            result = _finished(handle(body))
            if result is not None:
                print(result)
        except SystemExit as error:
            if isinstance(error.code, str):
                print(error.code, file=sys.stderr)
            status = error.code & 0xFF if isinstance(error.code, int) else int(error.code is not None)
            if status:
                _refuse(status, headers)
                raise SystemExit(status) from None
        except BaseException as error:
            sys.stderr.write(json.loads(faults.report(error))["traceback"])
            _refuse(1, headers)
            raise
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:  # the handler may have closed it
                pass
        sys.stdout, sys.stderr = streams
    return Response(_output.getvalue(), 200, headers)


def _streamed(handle, body):
    try:
        result = _finished(handle(body))
        if result is not None:
            print(result)
    except SystemExit:
        raise
    except BaseException as error:
        sys.stderr.write(json.loads(faults.report(error))["traceback"])
        raise
    return Response()


def _refuse(status, headers):
    body = b"exit status %d\n" % status + _output.getvalue()
    host.put_output(Response(body, 500, headers).packed())


def _flask(handle, request):
    """The body is the argument, the result the response."""
    body = request.body if _is_true("RAW_BODY") else request.body.decode("utf-8", "replace")
    return _answered(handle, request, body)


def _http(handle, request):
    """An event and a context are the arguments; the result is a dict, or anything that the one above takes."""
    return _answered(handle, request, Event(request), Context())


def _answered(handle, request, *arguments):
    if not request.is_streamed:
        return _response(_plain(_finished(handle(*arguments)), len(arguments)))
    # What the handler prints is for the log; the caller reads the standard output.
    output, sys.stdout = sys.stdout, sys.stderr
    try:
        result, status, headers = _parts(_plain(_finished(handle(*arguments)), len(arguments)))
        if not isinstance(result, Iterator):
            return _response((result, status, headers))
        output.write(json.dumps([str(_status(status)), *[text for pair in headers for text in pair]]) + "\n")
        for chunk in result:
            output.write(_chunk(chunk).decode("utf-8", "replace"))
            output.flush()
    finally:
        sys.stdout = output
    return Response()


def _plain(result, arguments):
    """The result of `handle(event, context)` in the form of the other template's."""
    if arguments == 1:
        return result
    if result is None:
        return b""
    if type(result) is not dict:
        return result
    body = result.get("body", "")
    if type(body) is not dict and not isinstance(body, Iterator):
        body = str(body)
    return body, result.get("statusCode", 200), result.get("headers") or {}


def _parts(result):
    """Body, status and headers, the latter as pairs of texts."""
    status, headers = 200, []
    if isinstance(result, tuple):
        if len(result) == 3:
            result, status, headers = result
        elif len(result) == 2 and isinstance(result[1], (dict, list, tuple, Headers)):
            result, headers = result
        elif len(result) == 2:
            result, status = result
        else:
            raise UnusableResult("a tuple must be (body, status), (body, headers) or (body, status, headers)")
    headers = list(headers.items() if isinstance(headers, Mapping) else headers or ())
    return result, status, [(str(name), str(value)) for name, value in headers]


def _response(result) -> Response:
    result, status, headers = _parts(result)
    body, kind = _body(result)
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", kind))
    return Response(body, _status(status), headers)


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
        return b"".join(_chunk(chunk) for chunk in result), _HTML
    raise UnusableResult(f"`handle` returned a {type(result).__name__}, but must return text, bytes, a dict, a list, an iterator or a tuple")


def _chunk(chunk) -> bytes:
    if isinstance(chunk, str):
        return chunk.encode("utf-8", "surrogateescape")
    if isinstance(chunk, (bytes, bytearray)):
        return bytes(chunk)
    raise UnusableResult(f"`handle` returned an iterator over a {type(chunk).__name__}, but it must give text or bytes")


def _status(status) -> int:
    number = int(status.split()[0]) if isinstance(status, str) and status[:3].isdigit() else status
    if not isinstance(number, int) or not 200 <= number <= 999:
        raise UnusableResult(f"{status!r} is no status of an answer: it must be a number from 200 to 999")
    return int(number)


def _warm(manner):
    """Let Python learn, before the image is taken, what it learns when code first runs: specialised instructions, caches of classes.

    A first run costs ten times what the next ones do, and to every call this code would be new.
    """
    sample = host.join(b"POST", b"/", b"a=b", b"f", b"x", b"Host", b"h", b"Content-Type", b"text/plain")
    known = _environ._data
    try:
        for result in ("x", {"body": "x"}, ("x", 200, {"A": "b"})) * 8:
            request = Request(sample)
            manner(lambda *_, result=result: result, request).packed()
            request.variables()
    except Exception:  # the module may have changed what this code uses; calls will tell
        pass
    finally:
        _environ._data = known
        _output.seek(0)
        _output.truncate()


class Entry:
    """Calls ``handle`` of a module; the entry's name is the template's."""

    _MANNERS = {"python3": (_classic, "req"), "python3-flask": (_flask, "req"), "python3-http": (_http, "event, context")}

    def __init__(self, module, entry):
        self._manner, parameters = self._MANNERS[entry or "python3"]
        self._handle = getattr(module, "handle", None)
        if not callable(self._handle):
            raise MissingEntry(f"no `def handle({parameters})` was found in handler.py")
        if not host.in_call:
            _warm(self._manner)

    def __call__(self):
        self._request = Request(host.input_part(0))
        _mount(host.input_part(1))
        return self._manner(self._handle, self._request)

    def encode(self, response) -> bytes:
        if not self._request.is_plain:
            return response.packed()
        text = response.body.decode("utf-8", "replace")
        try:
            return json.dumps(json.loads(text)).encode()
        except ValueError:
            return json.dumps(text).encode()
