"""What the interpreter is optimised for: small programs of many kinds, run by the build with an interpreter that counts.

Run as `python guest/training`. Each module has `work()`; how often it runs is set so that each takes about the same time.
"""

from __future__ import annotations

import importlib

TIMES = {
    "arithmetic": 11,
    "calls": 7,
    "classes": 13,
    "containers": 10,
    "control": 16,
    "documents": 20,
    "ordering": 6,
    "patterns": 17,
    "text": 14,
}

for name, times in TIMES.items():
    module = importlib.import_module(name)
    for _ in range(times):
        module.work()
