"""OpenFaaS: `handle` in the manner of one of three templates. A call is an HTTP request, its result an HTTP response.

The request is a list of fields: method, path, query, name of the function, body, then names and values of headers.
The response is one too: status (16 bits), body, then names and values of headers. The context part holds names and
values of secrets, which handlers find as files.
"""

import asyncio
import io
import json
import os
import sys
from collections.abc import Iterator
from types import CoroutineType

from .. import faults, host
from ..faults import MissingEntry
from .openfaas_request import Context, Event, Request, Variables, variable
from .openfaas_response import Response, chunk_of, parts, response_of, status_of

_SECRETS = "/var/openfaas/secrets"


class _Output(io.BytesIO):
    """What a handler prints, also after it has closed the stream."""

    def close(self):
        pass


# Every call starts from the memory that the import left: it finds these as they are made here.
_environ = os.environ
_output = _Output()
# Kept by a name of its own: when it goes, it closes what is under it.
_answer = io.TextIOWrapper(_output, "utf-8", errors="surrogateescape", newline="", write_through=True)


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


_tee = _Tee(_answer, sys.stderr)


class _Parts(io.RawIOBase):
    """A response that is sent on while it is made."""

    def writable(self):
        return True

    def write(self, data):
        host.put_part(bytes(data))
        return len(data)


def _mount(secrets: bytes) -> None:
    os.mkdir(_SECRETS)
    fields = host.split(secrets)
    for name, value in zip(fields[::2], fields[1::2], strict=True):
        with open(f"{_SECRETS}/{name.decode()}", "wb") as file:
            file.write(value)


def _finished(result):
    return asyncio.run(result) if isinstance(result, CoroutineType) else result


def _classic(handle, request):
    """The body as text is the argument; what is printed is the response."""
    if variable(b"cgi_headers").lower() != "false":
        _environ._data = Variables(_environ._data, request)
    kind = variable(b"content_type")
    headers = [("Content-Type", kind)] if kind else ()
    body = request.body.decode("utf-8", "surrogateescape")
    streams = sys.stdout, sys.stderr
    answer, tee = _answer, _tee
    if request.is_streamed:
        answer = io.TextIOWrapper(_Parts(), "utf-8", errors="surrogateescape", newline="", write_through=True)
    if answer is not _answer or streams[1] is not _tee._log:
        tee = _Tee(answer, streams[1])
    sys.stdout = answer
    if variable(b"combine_output").lower() not in ("false", "0"):
        sys.stderr = tee
    try:
        try:
            result = _finished(handle(body))
            if result is not None:
                # `print` would write twice.
                sys.stdout.write(f"{result!s}\n") if sys.stdout is answer else print(result)
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
            # Ours hold nothing back.
            if stream is not answer and stream is not tee:
                try:
                    stream.flush()
                except BaseException:  # the handler may have closed it
                    pass
        sys.stdout, sys.stderr = streams
        if request.is_streamed:
            host.put_parts()
    return Response(_output.getvalue(), 200, headers)


def _refuse(status, headers):
    body = b"exit status %d\n" % status + _output.getvalue()
    host.put_output(Response(body, 500, headers).packed())


def _flask(handle, request):
    """The body is the argument, the result the response."""
    body = request.body if variable(b"RAW_BODY").lower() in ("true", "1") else request.body.decode("utf-8", "replace")
    return _answered(handle, request, body)


def _http(handle, request):
    """An event and a context are the arguments; the result is a dict, or anything that the one above takes."""
    return _answered(handle, request, Event(request), Context())


def _answered(handle, request, *arguments):
    result = _plain(_finished(handle(*arguments)), len(arguments))
    if not request.is_streamed:
        return response_of(result)
    body, status, headers = parts(result)
    if not isinstance(body, Iterator):
        return response_of(result)
    try:
        # The first part is a response without its body.
        host.put_part(Response(b"", status_of(status), headers).packed())
        host.put_parts()
        for chunk in body:
            host.put_part(chunk_of(chunk))
    finally:
        host.put_parts()
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
    if type(body) not in (str, dict) and not isinstance(body, Iterator):
        body = str(body)
    return body, result.get("statusCode", 200), result.get("headers") or {}


class Entry:
    """Calls ``handle`` of a module; the entry's name is the template's."""

    _MANNERS = {"python3": (_classic, "req"), "python3-flask": (_flask, "req"), "python3-http": (_http, "event, context")}

    def __init__(self, module, entry):
        self._manner, parameters = self._MANNERS[entry or "python3"]
        self._handle = getattr(module, "handle", None)
        if not callable(self._handle):
            raise MissingEntry(f"no `def handle({parameters})` was found in handler.py")
        if not host.in_call:
            self._warm()

    def __call__(self):
        return self._answer(self._handle, host.input_part(0), host.input_part(1))

    def _answer(self, handle, request, secrets):
        self._request = Request(request)
        if secrets:
            _mount(secrets)
        return self._manner(handle, self._request)

    def encode(self, response) -> bytes:
        if not self._request.is_plain:
            return response.packed()
        text = response.body.decode("utf-8", "replace")
        try:
            return json.dumps(json.loads(text)).encode()
        except ValueError:
            return json.dumps(text).encode()

    def _warm(self):
        """Let Python learn, before the image is taken, what it learns when code first runs: specialised instructions, caches of classes.

        A first run costs ten times what the next ones do, and to every call this code would be new.
        """
        sample = host.join(b"POST", b"/", b"a=b", b"f", b"x", b"Host", b"h", b"Content-Type", b"text/plain")
        known = _environ._data
        try:
            for result in ("x", "x", {"body": "x"}, ("x", 200, {"A": "b"})) * 8:
                self.encode(self._answer(lambda *_, result=result: result, sample, b""))
                self._request.variables()
        except Exception:  # the module may have changed what this code uses; calls will tell
            pass
        finally:
            self._request = None
            _environ._data = known
            _output.seek(0)
            _output.truncate()
