"""A guest book by handles: whoever calls leaves a line, which is read by everybody and written by this function only."""

import json

from syscalls import OpenError, ResponseDict


def handle(syscall, payload, invoker):
    names = ["/".join(principal.tokens) for principal in invoker] or ["anonymous"]
    # What comes from outside is vouched for by nobody; the owner vouches for a line of this form.
    syscall.endorse()
    line = {"name": names[0], "words": str(json.loads(payload))[:200]}
    with syscall.root().open_at(["home", "T,alice"]) as folder:
        try:
            book = folder.open("guests")
        except OpenError:
            made = syscall.dent_create_file("T,alice")
            if not folder.link(made, "guests").success:
                return ResponseDict({"error": "the book could not be made"}, 500)
            book = folder.open("guests")
        with book:
            lines = json.loads(book.read() or b"[]") + [line]
            # Reading the book was a taint too: the owner vouches for all of it again.
            syscall.endorse()
            if not book.write(json.dumps(lines[-100:])):
                return ResponseDict({"error": "the book could not be written"}, 500)
    return ResponseDict({"lines": len(lines)}, 201)
