"""FaaSpot: ``main(args, context)`` with two dicts; the result is any value that JSON can hold."""

import json

from .. import host
from ..faults import MissingEntry, UnusableResult

_encode = json.JSONEncoder(ensure_ascii=False, check_circular=True, allow_nan=False).encode
_encode_ascii = json.JSONEncoder(allow_nan=False).encode
_decode = json.JSONDecoder().decode


class Entry:
    """Calls ``main`` of a module."""

    def __init__(self, module, entry):
        name = entry or "main"
        main = getattr(module, name, None)
        if not callable(main):
            raise MissingEntry(f"no `def {name}(args, context)` was found in {module.__file__.rpartition('/')[2]}")
        self._main = main
        # What Python learns of this code when it first runs is to be in the image: a first run costs several times what others do.
        for _ in range(0 if host.in_call else 8):
            _decode(self.encode({"name": ["value", 1, 2.5, None, True]}).decode())

    def __call__(self):
        arguments = host.input_part(0)
        context = host.input_part(1)
        return self._main(
            _decode(arguments.decode()) if arguments else {},
            _decode(context.decode()) if context else {},
        )

    def encode(self, result) -> bytes:
        try:
            return _encode(result).encode()
        except UnicodeEncodeError:  # half of a surrogate pair: UTF-8 has no bytes for it, but JSON an escape
            return _encode_ascii(result).encode()
        except (TypeError, ValueError) as error:
            if isinstance(error, RecursionError):
                raise
            raise UnusableResult(f"the returned value cannot be sent as JSON: {error}") from None
