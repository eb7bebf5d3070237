"""Row raw: a raw WebAssembly function that does nothing, in a new instance each time, over HTTP."""

from __future__ import annotations

from lib.faasm import target, upload
from lib.load import load
from lib.processes import memory_mib
from lib.swiftlet import Swiftlet
from lib.table import Line

#: (module (memory (export "memory") 1) (func (export "_start")))
MODULE = (
    b"\0asm\1\0\0\0" b"\1\4\1\x60\0\0" b"\3\2\1\0" b"\5\3\1\0\1" b"\7\x13\2\6memory\2\0\6_start\0\0" b"\x0a\4\1\2\0\x0b"
)  # fmt: skip


def measure(bench) -> list[Line]:
    with Swiftlet(bench.server) as server:
        upload(server, "nothing", MODULE, "f")
        one = load(target(server, "nothing"), 1, bench.seconds, bench.repeats)
        many = load(target(server, "nothing"), 16, bench.seconds, bench.repeats)
        memory = memory_mib(server.pid)
    return [
        Line.of("raw", "raw WebAssembly no-op, 1 connection", one, note="the sandbox alone is in row 1"),
        Line.of("raw", "raw WebAssembly no-op, 16 connections", many, memory=memory, target="≥ 10,000/s",
                reached=many.throughput >= 10_000),
    ]  # fmt: skip
