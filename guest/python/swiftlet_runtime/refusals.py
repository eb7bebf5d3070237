"""Clear words where Python offers what a sandbox cannot: each names what was tried and what to use instead."""

import sys
import threading

_CANNOT_IMPORT = {
    "ctypes": "`ctypes` calls machine code, which a Swiftlet sandbox does not run: use a pure-Python package or a built-in one",
    "_ctypes": "`ctypes` calls machine code, which a Swiftlet sandbox does not run: use a pure-Python package or a built-in one",
    "multiprocessing": "processes cannot be started in a Swiftlet sandbox: use asyncio, or call other functions for parallel work",
    "tkinter": "a Swiftlet sandbox has no screen: return data and draw it elsewhere",
    "curses": "a Swiftlet sandbox has no terminal: use print",
    "readline": "a Swiftlet sandbox has no terminal: take input from the arguments",
}
_THREADS = "threads cannot be started in a Swiftlet sandbox: use asyncio, or call other functions for parallel work"
_PROCESSES = "processes cannot be started in a Swiftlet sandbox: do the work in Python, or call another function"


class _Refuser:
    """A finder that refuses the modules of _CANNOT_IMPORT."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        reason = _CANNOT_IMPORT.get(name)
        if reason is not None:
            raise ModuleNotFoundError(reason, name=name)
        return None


def _refuse(kind, message):
    def refuse(*args, **options):
        raise kind(message)

    return refuse


def install() -> None:
    """Put the refusals in place."""
    import socket
    import subprocess

    sys.meta_path.insert(0, _Refuser)
    threading.Thread.start = _refuse(RuntimeError, _THREADS)
    subprocess.Popen.__init__ = _refuse(OSError, _PROCESSES)
    subprocess.Popen.__del__ = lambda self: None
    from . import network

    socket.socket = network.Stream
    socket.create_connection, socket.getaddrinfo = network.connect, network.addresses
    socket.create_server = socket.socketpair = network.refuse
