"""The classic template, as the package writes it into folders and sends it to be built."""

from __future__ import annotations

LANGUAGE = "python3"
#: What runs a handler of the classic template.
PROCESS = "python3 index.py"

_DESCRIPTION = f"language: {LANGUAGE}\nfprocess: {PROCESS}\nhandler_folder: function\n"
_INDEX = '''"""Runs the handler: its argument is the standard input, its result goes to the standard output."""

import sys

from function.handler import handle

result = handle(sys.stdin.read())
if result is not None:
    print(result)
'''
_DOCKERFILE = """\
# Swiftlet runs handlers in its own sandbox and leaves this file alone; it is for those who make a container of the function.
FROM python:3-alpine
WORKDIR /home/app
COPY . .
RUN pip install --no-cache-dir -r requirements.txt -r function/requirements.txt
CMD ["python3", "index.py"]
"""
_HANDLER = '''def handle(req):
    """Answers a request: `req` is its body, what is returned the answer."""
    return req
'''

#: The function's own part of the template.
HANDLER_FILES = {"__init__.py": b"", "handler.py": _HANDLER.encode(), "requirements.txt": b""}
#: The rest of it.
RUNNER_FILES = {
    "Dockerfile": _DOCKERFILE.encode(), "index.py": _INDEX.encode(), "requirements.txt": b"", "template.yml": _DESCRIPTION.encode(),
}


def files_of(language: str) -> dict[str, bytes]:
    """What is sent of a template that is not at hand: the server has its own of that name."""
    if language == LANGUAGE:
        return dict(RUNNER_FILES)
    return {"template.yml": f"language: {language}\nfprocess: python index.py\nhandler_folder: function\n".encode()}
