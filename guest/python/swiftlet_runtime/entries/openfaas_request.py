"""What handlers of the OpenFaaS templates are called with."""

import functools
import os
from collections.abc import Mapping
from urllib.parse import parse_qs

from .. import host

_JSON = "application/json"
_PLAIN = host.join(b"Content-Type", _JSON.encode())
_STREAMED = host.join(b"X-Swiftlet-Stream", b"1")

_environ = os.environ


def variable(name: bytes, otherwise: bytes = b"") -> str:
    """A variable of the environment. By the usual way, one that is missing costs two exceptions."""
    return _environ._data.get(name, otherwise).decode("utf-8", "surrogateescape")


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
    """What a call was sent. All but the body is read when somebody asks for it: most handlers do not."""

    def __init__(self, data: bytes):
        # A call by another face has its arguments as JSON, which never begins with the length of a method.
        self.is_plain = data[1:4] != b"\0\0\0"
        if self.is_plain:
            self._method, self._path, self._query, self.body, self._rest = b"POST", b"/", b"", data, _PLAIN
        else:
            self._method, self._path, self._query, _, self.body, self._rest = host.split(data, 5)
        # Whoever called reads the answer as it is made. It is the server that says so, before the caller's headers.
        self.is_streamed = self._rest.startswith(_STREAMED)
        self._headers = None

    @property
    def method(self):
        return self._method.decode()

    @property
    def path(self):
        return self._path.decode("utf-8", "replace")

    @property
    def query(self):
        return self._query.decode("utf-8", "replace")

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


class Variables(dict):
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
        self.hostname = variable(b"HOSTNAME", b"localhost")
