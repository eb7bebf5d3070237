"""The calls of the running function, for modules that are not given them: `faasten.syscall`."""

from syscalls._cloudcall import syscall

__all__ = ["syscall"]
