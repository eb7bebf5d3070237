"""Makes generators that were seeded by the system seed themselves anew in every life of an image.

usage: random_lives.py Modules/_randommodule.c

An image holds the state of `random` as it was when a module was imported; every call would draw the same numbers. With
this, a generator without a seed of the user's asks the system again when it is first used after `swiftlet_life` changed;
one that the user seeded keeps its sequence. A call that draws no numbers pays nothing.
"""

import sys

EDITS = [
    ("    int index;\n", "    int index;\n    uint32_t life;  /* swiftlet_life when the system seeded it; 0: the user did */\n"),
    (
        "static uint32_t\ngenrand_uint32(RandomObject *self)\n{",
        "uint32_t swiftlet_life = 1;\n\n"
        "static int random_seed_urandom(RandomObject *self);\n\n"
        "static void\nseed_for_this_life(RandomObject *self)\n{\n"
        "    if (self->life != 0 && self->life != swiftlet_life) {\n"
        "        self->life = swiftlet_life;\n"
        "        if (random_seed_urandom(self) < 0) {\n            PyErr_Clear();\n        }\n    }\n}\n\n"
        "static uint32_t\ngenrand_uint32(RandomObject *self)\n{\n    seed_for_this_life(self);",
    ),
    (
        "    if (arg == NULL || arg == Py_None) {\n       if (random_seed_urandom",
        "    self->life = arg == NULL || arg == Py_None ? swiftlet_life : 0;\n"
        "    if (arg == NULL || arg == Py_None) {\n       if (random_seed_urandom",
    ),
    ("    state = PyTuple_New(N+1);\n", "    seed_for_this_life(self);\n    state = PyTuple_New(N+1);\n"),
    ("    self->index = (int)index;\n", "    self->index = (int)index;\n    self->life = 0;\n"),
]

path = sys.argv[1]
with open(path, encoding="utf-8") as file:
    source = file.read()
for old, new in EDITS:
    if source.count(old) != 1:
        sys.exit(f"{path} has changed: {source.count(old)} places instead of one for {old!r}")
    source = source.replace(old, new)
with open(path, "w", encoding="utf-8") as file:
    file.write(source)
