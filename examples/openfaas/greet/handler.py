"""The classic template: the argument is the body as text, the result is printed."""

import os
import sys


def handle(req):
    name = req.strip() or "world"
    print(f"greeting {name}", file=sys.stderr)
    return f"{os.environ.get('greeting', 'Hello')} {name}"
