"""What modules put off until they are first used: done once, before the image is taken, instead of in every call."""

import sys

#: The function that does it, by the module.
_PUT_OFF = {"PIL.Image": "preinit"}  # imports what reads and writes the usual formats


def use() -> None:
    """Have it done by those modules that are imported."""
    for name, function in _PUT_OFF.items():
        try:
            getattr(sys.modules[name], function)()
        except Exception:  # it is not imported, or is not what it was: then calls do it, or fail to
            pass
