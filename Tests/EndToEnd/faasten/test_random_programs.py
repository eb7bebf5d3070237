"""Random programs of people who do not trust each other, against a reference: what each learns, and what becomes of everything.

A program is a list of operations, which one function runs with the privilege of the gate that it is called by. After each the
function tells what was answered and its label; both must be what the reference says, and the client must get the answer exactly when
it may. Nothing can come to anybody that the reference forbids without a difference. `SWIFTLET_CHAOS_PROGRAMS` makes it long.
"""

import importlib.util
import json
import os
import random
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

PROGRAMS = int(os.environ.get("SWIFTLET_CHAOS_PROGRAMS", "400"))
SEED = int(os.environ.get("SWIFTLET_CHAOS_SEED", str(random.SystemRandom().randrange(1 << 30))))

spec = importlib.util.spec_from_file_location("reference", Path(__file__).with_name("reference.py"))
reference = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = reference
spec.loader.exec_module(reference)

INTERPRETER = """
import hashlib
import json

BASE = ["home", "T,alice"]

def handle(syscall, payload):
    done = []
    for name, *arguments in json.loads(payload):
        value = OPERATIONS[name](syscall, *arguments)
        done.append([value or (value if value == "" or value == [] else None), str(syscall.get_current_label())])
    return done

def at(path):
    return BASE + ["arena"] + path

def names(syscall, path):
    return syscall.fs_list(at(path)).get("names")

def read(syscall, path):
    data = syscall.fs_read(at(path))
    return None if data is None else data.decode()

def seal(syscall, path, text, label, replace):
    with syscall.create_blob(at(path), label=label, replace=replace) as blob:
        blob.finalize(text.encode())
        return blob.linked

def opened(open_blob, name):
    try:
        with open_blob(name) as blob:
            return blob.read().decode()
    except RuntimeError:
        return None

def named(text):
    return hashlib.sha256(text.encode()).hexdigest()

def facets(syscall):
    found = json.loads(syscall.fs_faceted_list(at([])))["facets"]
    return sorted(sorted(facet["names"]) for facet in found.values())

def call(syscall, gate, program):
    try:
        with syscall.root().open_at(BASE + [gate]) as opened:
            reply = opened.invoke(json.dumps(program))
    except RuntimeError:
        return None
    return json.loads(reply.data) if reply.success else None

def send(syscall, service, text):
    reply = syscall.invoke_service(BASE + [service], text)
    return json.loads(reply.data) if reply.success else None

OPERATIONS = {
    "label": lambda s: True, "taint": lambda s, label: s.taint_with_label(label) is not None,
    "declassify": lambda s, secrecy: s.declassify(secrecy) is not None, "endorse": lambda s, power: s.endorse(power) is not None,
    "mkdir": lambda s, path, label: s.fs_createdir(at(path), label), "mkfile": lambda s, path, label: s.fs_createfile(at(path), label),
    "write": lambda s, path, text: s.fs_write(at(path), text), "read": read, "list": names, "delete": lambda s, path: s.fs_delete(at(path)),
    "link": lambda s, source, path: s.fs_hardlink(at(source), at(path)), "facets": facets, "call": call, "send": send,
    "mkblob": lambda s, path, text, label: seal(s, path, text, label, False),
    "placeblob": lambda s, path, text, label: seal(s, path, text, label, True),
    "readblob": lambda s, path: opened(s.fs_openblob, at(path)), "openhash": lambda s, text: opened(s.open_blob, named(text)),
    "linkhash": lambda s, path, text, label: s.fs_linkblob(at(path), named(text), label),
}
"""

#: Name, privilege, clearance.
GATES = {
    "as-nobody": ("T", "T"), "as-alice": ("alice", "T"), "as-app": ("alice/app", "T"), "for-alice": ("alice", "alice"),
    "for-either": ("alice/app", "alice|bob"),
}  # fmt: skip
#: Privilege, clearance and taint.
SERVICES = {
    "svc-nobody": ("T", "T", "T,T"), "svc-alice": ("alice", "T", "T,T"), "svc-app": ("alice/app", "T", "bob,T"),
    "svc-either": ("alice|bob", "T", "T,T"), "svc-for-alice": ("alice", "alice", "alice/app,alice"),
}  # fmt: skip
LABELS = [
    "T,T", "alice,T", "bob,T", "alice,alice", "alice/app,alice/app", "T,alice", "alice|bob,T", "alice&bob,T", "T,alice/app", "F,T",
    "alice,alice/app", "bob,bob",
]  # fmt: skip
COMPONENTS = ["T", "alice", "bob", "alice/app", "alice|bob", "alice&bob", "F"]


class Programs:
    """Draws programs, often about what there is in a world."""

    def __init__(self, seed, world):
        self.random, self.world, self.count, self.texts = random.Random(seed), world, 0, ["sentence 0"]

    def path(self, is_new=False, kind=object):
        known = [path for path, thing in self.known() if isinstance(thing, kind)]
        if known and self.random.random() < (0.2 if is_new else 0.85):
            return self.random.choice(known)
        # A path without a facet is one to the default facet, where names are made.
        facet = [] if is_new and self.random.random() < 0.4 else [self.random.choice(LABELS[:7])]
        return facet + [self.random.choice("abc") for _ in range(self.random.choice([1, 1, 2] if facet else [1]))]

    def known(self):
        """What there is, not too deep: names may lead in circles."""
        found = [([str(facet.label)], facet) for facet in self.world.arena.facets]
        for path, thing in found:
            if isinstance(thing, reference.Directory) and len(path) < 4:
                found += [([*path, name], inner) for name, inner in thing.names.items()]
        return [(path, thing) for path, thing in found if len(path) > 1]

    def text(self):
        """A sentence that is new, or one that somebody may have made a blob of."""
        if self.random.random() < 0.5:
            self.texts.append(f"sentence {self.count}")
            return self.texts[-1]
        return self.random.choice(self.texts[-20:])

    def known_text(self):
        """One whose blobs cannot be collected meanwhile."""
        lost = self.world.lost()
        return self.random.choice([text for text in self.texts[-20:] if text not in lost] or ["nobody's sentence"])

    def operation(self, depth):
        draw, label = self.random.choice, self.random.choice([None, None, None, *LABELS])
        self.count += 1
        kinds = {
            "label": list, "taint": lambda: [draw(LABELS)], "declassify": lambda: [draw(COMPONENTS)],
            "endorse": lambda: [draw([None, *COMPONENTS])],
            "mkdir": lambda: [self.path(True), label], "mkfile": lambda: [self.path(True), label],
            "write": lambda: [self.path(kind=reference.File), f"sentence {self.count}"], "read": lambda: [self.path(kind=reference.File)],
            "list": lambda: [self.path()[: draw([1, 2])]], "delete": lambda: [self.path(True)],
            "link": lambda: [self.path(), self.path(True)], "facets": list,
            "call": lambda: [draw(list(GATES)), self.program(depth + 1)], "send": lambda: [draw(list(SERVICES)), self.text()],
            "mkblob": lambda: [self.path(True), self.text(), label], "readblob": lambda: [self.path(kind=reference.Blob)],
            "placeblob": lambda: [self.path(kind=reference.Blob), self.text(), label],
            "openhash": lambda: [self.known_text()], "linkhash": lambda: [self.path(True), self.known_text(), label],
        }  # fmt: skip
        often = {
            "mkdir": 2, "mkfile": 4, "write": 5, "read": 5, "link": 2,
            "mkblob": 6, "placeblob": 2, "readblob": 4, "call": 0 if depth > 1 else 2, "send": 3, "taint": 0.4, "facets": 0.5, "label": 0.2,
        }  # fmt: skip
        name = self.random.choices(list(kinds), [often.get(kind, 1) for kind in kinds])[0]
        return [name, *kinds[name]()]

    def program(self, depth=0):
        return [self.operation(depth) for _ in range(self.random.randrange(1, 10 if depth == 0 else 5))]


def told(done):
    """What the reference says, as the function tells it."""
    return [[told(value) if type(value) is list and value and type(value[0]) is tuple else value, label] for value, label in done]


def agrees(found, expected):
    """Whether both tell of the same values, and labels of the same meaning."""
    if type(found) is not list or type(expected) is not list or len(found) != len(expected):
        return found == expected
    for (value, label), (wanted, meaning) in zip(found, expected, strict=True):
        nested = type(wanted) is list and wanted and wanted[0] and isinstance(wanted[0][-1], reference.Label)
        if not (agrees(value, wanted) if nested else value == wanted) or not reference.Label.of(label).means(meaning):
            return False
    return True


class Outside(BaseHTTPRequestHandler):
    """Answers what it is sent, and remembers it."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(json.loads(body))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def outside():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Outside)
    server.heard = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_programs_do_what_the_reference_says(launch, person, lab, outside):
    host = f"127.0.0.1:{outside.server_port}"
    server = launch("--allow-http", host, "--allow-private-http")
    alice, bob = person(server, "alice"), person(server, "bob")
    anybody = type(alice)(server, "anybody", None)
    alice.register("home:<T,alice>:lab", "alice,T", lab)
    program = """
        result = [cloudcall.fs_createfaceted('home:<T,alice>:arena')] + [
            cloudcall.fs_createservice(f"home:<T,alice>:{name}", f"{privilege},{clearance}", taint, f"http://{host}/", "POST")
            for name, (privilege, clearance, taint) in services.items()]
    """
    made = alice.run(program, gate="home:<T,alice>:lab", host=host, services=SERVICES)
    assert made == [True] * (1 + len(SERVICES))
    for name, policy in GATES.items():
        alice.register(f"home:<T,alice>:{name}", ",".join(policy), INTERPRETER)
    gates = {
        name: reference.Gate(reference.Label.of("T,alice"), *map(reference.formula, policy)) for name, policy in GATES.items()
    }
    services = {
        name: reference.Service(
            reference.Label.of("T,alice"), reference.formula(power), reference.formula(clearance), reference.Label.of(taint)
        )
        for name, (power, clearance, taint) in SERVICES.items()
    }
    world = reference.World(gates, services)
    programs = Programs(SEED, world)
    answered = {200: 0, 400: 0, 401: 0}
    sentences = 0
    for number in range(PROGRAMS):
        who, power = programs.random.choice([*[(alice, "alice")] * 3, (bob, "bob"), (anybody, "T")])
        label, gate = programs.random.choice([*["T,T"] * 8, *LABELS]), programs.random.choice(list(GATES))
        program = programs.program()
        status, done = world.request(power, label, gate, program)
        answer = who.invoke(f"home:<T,alice>:{gate}", program, X_Faasten_Label=label)
        where = f"seed {SEED}, program {number}: {power} calls {gate} under {label}: {json.dumps(program)}"
        assert answer.status == status, f"{where}: {answer} instead of {status}"
        answered[status] += 1
        if status == 200:
            assert agrees(answer.json, told(done)), f"{where}: {answer.json} instead of {told(done)}"
            sentences += answer.body.count(b"sentence")
        else:
            assert b"sentence" not in answer.body
        assert outside.heard == world.sent, f"{where}: the world heard {outside.heard} instead of {world.sent}"
    # Else all this shows nothing.
    assert all(answered.values()) and sentences and world.opened and world.sent, (answered, sentences, world.opened)
    print(
        f"seed {SEED}: {answered}, {sentences} sentences read, {len(world.entries)} blobs named, {world.opened} opened by hash, "
        f"{len(world.sent)} sent"
    )
