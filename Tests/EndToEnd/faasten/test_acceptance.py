"""The acceptance cases: the tutorial's function, leaks that are blocked, what is left after deleting, exceptions."""

import json

import pytest

#: Shrinks one picture in place, size by size, and links what it made by hash.
SHRINK = """
from PIL import Image

def handle(event, cloudcall):
    wanted, made = event["input"], {}
    with cloudcall.fs_openblob(wanted["download_key"]) as photo:
        image = Image.open(photo)
        image.load()
    for width, height in wanted["sizes"]:
        image.thumbnail((width, height))
        with cloudcall.create_blob() as blob:
            image.save(blob, format="JPEG")
            name = blob.finalize(b"")
        cloudcall.fs_linkblob(f"{wanted['output_dir']}:{width}-{height}.jpeg", name)
        made[f"{width}-{height}.jpeg"] = name
    return {"thumb-blobs": made}
"""

THUMB = "home:<T,alice>:thumb"
DELEGATED = "home:<alice,alice/tutorial/thumb>"


@pytest.fixture(scope="module")
def shrink(alice, photo):
    """Calls the function with an output directory."""
    alice.put("home:<alice,alice>:p.jpg", photo, "alice,alice")
    alice.register(THUMB, "alice/tutorial/thumb,alice/tutorial/thumb", SHRINK)

    def shrink(directory):
        wanted = {"download_key": ":home:<alice,alice>:p.jpg", "output_dir": directory, "sizes": [[75, 75], [100, 100]]}
        answer = alice.invoke(THUMB, wanted)
        assert answer.status == 200 and "x-faasten-function-error" not in answer.headers, answer
        names = answer.json["thumb-blobs"]
        assert list(names) == ["75-75.jpeg", "100-100.jpeg"] and all(len(name) == 64 for name in names.values())
        assert len(set(names.values())) == 1
        return names

    return shrink


def test_a2_the_default_facet(alice, shrink, look):
    home = alice.names("~")
    shrink(":home")
    assert alice.names(DELEGATED) == ["100-100.jpeg", "75-75.jpeg"]
    assert look(alice.cat(f"{DELEGATED}:75-75.jpeg")) == ["JPEG", 75, 70]
    assert look(alice.cat(f"{DELEGATED}:100-100.jpeg")) == ["JPEG", 75, 70]
    assert alice.names("~") == home


def test_a3_a_leak_is_blocked(alice, shrink):
    shrink(":home:<T,alice/tutorial/thumb>")
    assert alice.names("home:<T,alice/tutorial/thumb>") == []


def test_a4_integrity_is_kept(alice, shrink):
    home = alice.names("~")
    shrink(":home:<alice,alice>")
    assert alice.names("~") == home


PARSED = [
    "T,T", "F,T", "alice,T", "Tom,Tom", "a&b,a|b", "alice/app/fn,T", "a\\,b,T", "\\T,T",
]  # fmt: skip
BROKEN = ["", "a", "a,", ",a", "a,b,c", "a&,T", "a//b,T", "a|,T", "T&a,T", "a,T junk", "a , T"]
SAME = [("a|a/x,T", "a/x,T"), ("a&a/x,T", "a,T"), ("b&a,b|a", "a&b,a|b")]


def test_a12_labels_are_read_as_a_whole(alice):
    program = "result = [label and str(label) for label in map(cloudcall.buckle_parse, texts)]"
    assert alice.run(program, texts=PARSED + BROKEN) == PARSED + [None] * len(BROKEN)
    for one, other in SAME:
        assert alice.run(program, texts=[one, other]) == [other, other]
    program = """
        both = [cloudcall.buckle_parse(text) for text in ("a,Tom", "a,T")]
        result = [both[0] == both[1], [[p.tokens for p in c.principals] for c in both[0].integrity.clauses]]
    """
    assert alice.run(program) == [False, [[["Tom"]]]]


JOINED = [
    ("alice/a,T", "alice/a/x,T", "alice/a,T"), ("T,T", "T,F", "T,T"), ("alice/a,T", "alice/b,T", "alice/a&alice/b,T"),
    ("alice/a|alice/b,T", "alice/b&alice/c,T", "alice/b&alice/c,T"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "joined"), JOINED)
def test_a12_labels_join(alice, one, other, joined):
    program = """
        for label in labels:
            cloudcall.taint_with_label(label)
        result = str(cloudcall.get_current_label())
    """
    for labels in ([one, other], [other, one]):
        assert alice.run(program, gate="home:<T,alice>:lab", labels=labels) == joined


FLOWS = [
    ("alice/x,T", "alice,T", True), ("a|b,T", "a,T", True), ("a,T", "a&b,T", True), ("T,T", "alice,alice", False),
    ("alice,T", "alice/x,T", False), ("a,T", "a|b,T", False), ("a&b,T", "a,T", False),
]  # fmt: skip
POWERS = [
    ("alice", "alice,T", "T,T", True), ("alice", "alice,T", "T,alice", True), ("alice", "alice/x,T", "T,T", True),
    ("alice", "alice|bob,T", "T,T", True), ("alice", "alice&bob,T", "bob,alice", True),
    ("alice/app", "alice,T", "alice,alice/app", True), ("alice/x", "alice,T", "T,T", False),
    ("alice", "alice&bob,T", "T,T", False), ("carol", "alice|bob,T", "T,T", False), ("alice", "F,T", "T,T", False),
    ("alice/app", "alice,T", "T,alice/app", False), ("alice/app", "alice,T", "alice,alice", False),
]  # fmt: skip


@pytest.fixture(scope="module")
def lab_of(alice, server, person, lab):
    """Where programs run with some privilege, and who may call there."""
    carol = person(server, "carol")
    gates = {}

    def find(power):
        if power not in gates:
            owner = carol if power == "carol" else alice
            gates[power] = owner, f"home:<T,{owner.name}>:lab-{power.replace('/', '-')}"
            owner.register(gates[power][1], f"{power},T", lab)
        return gates[power]

    return find


@pytest.mark.parametrize(("power", "start", "end", "flows"), [("T", *flow) for flow in FLOWS] + POWERS)
def test_a12_writing_needs_the_flow(lab_of, power, start, end, flows):
    program = """
        made = cloudcall.dent_create_file(end)
        result = [str(cloudcall.get_current_label()), syscalls.File(made.fd, made.kind).write(b"x")]
    """
    owner, gate = lab_of(power)
    # A call that begins under a label may be answered to who asked under that label.
    assert owner.run(program, gate=gate, headers={"X-Faasten-Label": start}, end=end) == [start, flows]


BOTH = pytest.mark.parametrize("spell", ["text", "list"])


@BOTH
def test_a13_after_delete(alice, spell):
    program = """
        def at(*names):
            return ":".join(["~", *names]) if spell == "text" else ["~", *names]
        top, inner = at("d" + spell), at("d" + spell, "f")
        result = [
            cloudcall.fs_createdir(top), cloudcall.fs_createfile(inner), cloudcall.fs_write(inner, b"data"),
            cloudcall.fs_read(inner).decode(), cloudcall.fs_delete(inner), cloudcall.fs_read(inner),
            cloudcall.fs_write(inner, b"x"), cloudcall.fs_list(top), cloudcall.fs_delete(top),
            cloudcall.fs_createdir(at("d" + spell, "e")), cloudcall.fs_createfile(inner), cloudcall.fs_read(inner),
            cloudcall.fs_write(inner, b"x"), cloudcall.fs_list(top),
        ]
    """
    gone = [False, False, None, False, {}]
    assert alice.run(program, spell=spell) == [True, True, True, "data", True, None, False, {"names": []}, True, *gone]


def test_a16_exceptions(alice):
    program = "def fail(): raise ValueError('as asked')\nfail()"
    answer = alice.invoke("~:lab", {"program": program})
    assert (answer.status, answer.headers["x-faasten-function-error"]) == (200, "1")
    assert list(answer.json) == ["error"] and sorted(answer.json["error"]) == ["traceback", "type", "value"]
    error = answer.json["error"]
    assert (error["type"], error["value"]) == ("<class 'ValueError'>", "as asked")
    assert error["traceback"] and all(type(line) is str for line in error["traceback"])
    assert "workload.py" in "".join(error["traceback"]) and "swiftlet_runtime" not in json.dumps(error)
    assert alice.run("result = 'good'") == "good"
