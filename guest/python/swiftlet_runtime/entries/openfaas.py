"""OpenFaaS: `handle` in the manner of one of three templates. A call is an HTTP request, its result an HTTP response.

The request is a list of fields: method, path, query, name of the function, body, then names and values of headers.
The response is one too: status (16 bits), body, then names and values of headers. The context part holds names and
values of secrets, which handlers find as files.
"""

import asyncio
import inspect
import io
import json
import os
import sys
from collections.abc import Iterator

from .. import faults, host
from ..faults import MissingEntry
from .openfaas_request import Context, Event, Request, Variables
from .openfaas_response import Response, chunk_of, parts, response_of, status_of

_SECRETS = "/var/openfaas/secrets"

# Every call starts from the memory that the import left: it finds these as they are made here.
_environ = os.environ
_output = io.BytesIO()
# Kept by a name of its own: when it goes, it closes what is under it.
_answer = io.TextIOWrapper(_output, "utf-8", errors="surrogateescape", newline="", write_through=True)


def _is_true(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("true", "1")


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
        _environ._data = Variables(_environ._data, request)
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
        return response_of(_plain(_finished(handle(*arguments)), len(arguments)))
    # What the handler prints is for the log; the caller reads the standard output.
    output, sys.stdout = sys.stdout, sys.stderr
    try:
        result, status, headers = parts(_plain(_finished(handle(*arguments)), len(arguments)))
        if not isinstance(result, Iterator):
            return response_of((result, status, headers))
        output.write(json.dumps([str(status_of(status)), *[text for pair in headers for text in pair]]) + "\n")
        for chunk in result:
            output.write(chunk_of(chunk).decode("utf-8", "replace"))
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
