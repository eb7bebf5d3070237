"""What each call asks the host, field by field, and what it makes of refusals."""

import json

import pytest

H = b"\x07\0\0\0"
HASH = "ab" * 32
LABEL = [b"T,T", b'{"secrecy":{"DCFormula":[]},"integrity":{"DCFormula":[]}}']
OPENED = [H, b"\1"]
REPLY = [b"\1", b"\xc8\0\0\0", b'{"x":"y"}', b"body", b"\0\0\0\0", b""]


def sent(value):
    return json.dumps(value).encode()


# Call, operation, what the host answers, fields, value returned.
TABLE = [
    (lambda s: s.get_current_label(), 64, LABEL, [], "T,T"),
    (lambda s: s.taint_with_label("a,T"), 65, LABEL, [b"a,T"], "T,T"),
    (lambda s: s.declassify("T"), 66, LABEL, [b"T"], "T,T"),
    (lambda s: s.endorse(), 67, LABEL, [b""], "T,T"),
    (lambda s: s.endorse("a"), 67, LABEL, [b"a"], "T,T"),
    (lambda s: s.buckle_parse("T,T"), 68, LABEL, [b"T,T"], "T,T"),
    (lambda s: s.sub_privilege(["x", "y"]), 69, [b"a/x/y", b'{"DCFormula":[[["a","x","y"]]]}'], [b"x", b"y"], "a/x/y"),
    (lambda s: s.fs_read("~:f"), 82, [b"data"], [b"~:f"], b"data"),
    (lambda s: s.fs_read(["home", "a:b"]), 82, [b"data"], [b'\0["home", "a:b"]'], b"data"),
    (lambda s: s.fs_write("~:f", "text"), 83, [], [b"~:f", b"text"], True),
    (lambda s: s.fs_writefile("~:f", b"1"), 83, [], [b"~:f", b"1"], True),
    (lambda s: s.fs_list("~"), 84, [b"a", b"\0", b"b", b"\1"], [b"~"], {"names": ["a", "b"]}),
    (lambda s: s.fs_list("~"), 84, [], [b"~"], {"names": []}),
    (lambda s: s.fs_faceted_list("home"), 85, [b"{}", b"\1\0\0\0a"], [b"home"], '{"facets": {"{}": {"names": ["a"]}}}'),
    (lambda s: s.fs_createdir("d"), 86, [], [b"d", b""], True),
    (lambda s: s.fs_createdir("d", "a,a"), 86, [], [b"d", b"a,a"], True),
    (lambda s: s.fs_createfaceted("d"), 88, [], [b"d"], True),
    (lambda s: s.fs_delete("d"), 89, [], [b"d"], True),
    (lambda s: s.fs_hardlink("a", "b"), 90, [], [b"a", b"b"], True),
    (lambda s: s.fs_linkblob("p", HASH, "a,T"), 92, [], [b"p", HASH.encode(), b"a,T"], True),
    (lambda s: s.fs_creategate("g", "a,b", "~:app", 128, "python", event="raw"), 93, [],
     [b"g", b"a,b", b"~:app", b"\x80\0\0\0", b"python", sent({"event": "raw"})], True),
    (lambda s: s.fs_createredirectgate("g", "a,b", "~:h"), 94, [], [b"g", b"a,b", b"~:h", b"{}"], True),
    (lambda s: s.dup_gate("g", "h", "a,b"), 95, [], [b"g", b"h", b"a,b"], True),
    (lambda s: s.fs_createservice("s", "a,b", "T,T", "http://x", "POST", '{"k":"v"}'), 96, [],
     [b"s", b"a,b", b"T,T", b"http://x", b"POST", b'{"k":"v"}'], True),
    (lambda s: s.fs_createservice("s", "a,b", "T,T", "http://x", 2), 96, [], [b"s", b"a,b", b"T,T", b"http://x", b"2", b""], True),
    (lambda s: s.invoke("~:g", {"a": 1}), 103, REPLY, [b"\0", b"~:g", b'{"a": 1}', b"{}"], True),
    (lambda s: s.invoke_service("~:s", [1]).data, 103, REPLY, [b"\1", b"~:s", b"[1]", b"{}"], b"body"),
    (lambda s: s.invocation_result("x").status, 104, REPLY, [b"x"], 200),
    (lambda s: s.read_key("a/b"), 105, [b"v"], [b"a/b"], b"v"),
    (lambda s: s.write_key("a/b", b"v"), 106, [], [b"a/b", b"v"], True),
    (lambda s: s.read_dir("a"), 107, [b"b", b"\1"], [b"a"], ["b"]),
    (lambda s: s.open_at(7, "n").fd, 70, OPENED, [H, b"n"], 7),
    (lambda s: s.open_at_facet(7, "a,T").kind, 70, OPENED, [H, b"a,T"], 1),
    (lambda s: s.root().open_at(["home"]).fd, 71, OPENED, [bytes(4), b'\0["home"]'], 7),
    (lambda s: s.root().open("n").kind, 70, OPENED, [bytes(4), b"n"], 1),
    (lambda s: s.dent_create_dir(None).fd, 73, OPENED, [b"\0", b""], 7),
    (lambda s: s.dent_create_file("a,T").fd, 73, OPENED, [b"\1", b"a,T"], 7),
    (lambda s: s.dent_create_faceted().fd, 73, OPENED, [b"\2", b""], 7),
    (lambda s: s.dent_create_blob("a,T", 7).fd, 73, OPENED, [b"\5", b"a,T", H], 7),
    (lambda s: s.dent_create_direct_gate("a,T", "a", "b", 64, HASH, "python", None, declassify="T").fd, 73, OPENED,
     [b"\3", b"a,T", sent({"privilege": "a", "clearance": "b", "declassify": "T", "memory": 64, "app": {"hash": HASH},
                           "runtime": {"name": "python"}})], 7),
    (lambda s: s.dent_create_redirect_gate(None, "a", "b", 7).fd, 73, OPENED,
     [b"\3", b"", sent({"privilege": "a", "clearance": "b", "gate": {"handle": 7}})], 7),
    (lambda s: s.dent_create_service("T,a", "a", "b", "T,T", "http://x", 1, {"k": "v"}).fd, 73, OPENED,
     [b"\4", b"T,a", sent({"privilege": "a", "clearance": "b", "taint": "T,T", "url": "http://x", "verb": 1, "headers": {"k": "v"}})], 7),
    (lambda s: s.dent_list(7).entries, 76, [b"a", b"\0"], [H], {"a": 0}),
    (lambda s: s.root().ls(), 76, [b"a", b"\0"], [bytes(4)], {"a": 0}),
    (lambda s: s.link(0, 7, "n").success, 78, [], [bytes(4), b"n", H], True),
    (lambda s: s.root().link(s.root(), "n").success, 78, [], [bytes(4), b"n", bytes(4)], True),
    (lambda s: s.unlink(7, "n").success, 79, [], [H, b"n"], True),
]  # fmt: skip


@pytest.mark.parametrize(("call", "operation", "reply", "fields", "value"), TABLE)
def test_a_call_asks_what_the_contract_says(syscall, fake, call, operation, reply, fields, value):
    fake.answers[operation] = reply
    returned = call(syscall)
    assert (str(returned) if type(value) is str else returned) == value
    assert fake.asked[-1] == (operation, fields)


REFUSED = [
    (lambda s: s.taint_with_label("x"), None), (lambda s: s.declassify("T"), None), (lambda s: s.endorse(), None),
    (lambda s: s.buckle_parse(""), None), (lambda s: s.fs_read("x"), None), (lambda s: s.fs_write("x", b""), False),
    (lambda s: s.fs_list("x"), {}), (lambda s: s.fs_faceted_list("x"), "{}"), (lambda s: s.fs_createdir("x"), False),
    (lambda s: s.fs_createfile("x"), False), (lambda s: s.fs_delete("x"), False), (lambda s: s.fs_hardlink("x", "y"), False),
    (lambda s: s.fs_linkblob("x", "no hash"), False), (lambda s: s.fs_creategate("x", "a", "b", -1, "python"), False),
    (lambda s: s.dup_gate("x", "y", "a,a"), False), (lambda s: s.invoke("x", {}), False), (lambda s: s.read_key("x"), None),
    (lambda s: s.write_key("x", b""), False), (lambda s: s.read_dir("x"), []), (lambda s: s.invocation_result("x"), None),
    (lambda s: s.root().ls(), None), (lambda s: s.fs_read("\0[]"), None), (lambda s: s.fs_read("\ud800"), None),
]  # fmt: skip


@pytest.mark.parametrize(("call", "value"), REFUSED)
def test_a_refusal_is_a_value(syscall, call, value):
    assert call(syscall) == value


@pytest.mark.parametrize("call", [call for call, _ in REFUSED])
def test_a_strict_gate_gets_the_refusal(strict, syscall, call):
    from syscalls import CloudCallError

    assert syscall.strict
    with pytest.raises(CloudCallError) as caught:
        call(syscall)
    assert caught.value.code in ("Malformed", "BadPath")


def test_what_raises_raises_its_own_exception_whatever_is_wrong(syscall):
    from syscalls import CreateBlobError, CreateFileError, OpenError

    raising = {
        OpenError: [
            lambda: syscall.open_blob(None), lambda: syscall.open_blob(-1), lambda: syscall.fs_openblob("\0"),
            lambda: syscall.root().open_at("\0"),
        ],
        CreateFileError: [lambda: syscall.create_file("\0"), lambda: syscall.create_file("~:a", "")],
        CreateBlobError: [lambda: syscall.create_blob("\0"), lambda: syscall.create_blob("~:a", label="\0")],
    }  # fmt: skip
    for kind, calls in raising.items():
        for call in calls:
            with pytest.raises(kind):
                call()
    assert syscall.invocation_result(None) is None
    with pytest.raises(TypeError, match="a name is a string, not int"):
        syscall.root().open(5)


def test_verbs_are_numbers_or_names(syscall, fake):
    from syscalls import HttpPut

    fake.answers[73] = [H, b"\4"]
    for verb in (3, HttpPut, "put", "PUT"):
        assert syscall.dent_create_service("T,T", "T", "T", "T,T", "http://x/", verb, {"a": b"b"}).success
        made = json.loads(fake.asked[-1][1][2])
        assert made["verb"] == 3 and made["headers"] == {"a": "b"}
    assert syscall.dent_create_service("T,T", "T", "T", "T,T", "http://x/", "patch").error == "Malformed"


def test_results_carry_the_code(syscall, fake):
    fake.answers |= {73: 16, 103: 12, 78: 8}
    made = syscall.dent_create_dir("a,T")
    assert (made.success, made.error, made.fd) == (False, "Denied", None)
    assert syscall.link(0, 5, "n").error == "LinkExists"
    assert syscall.link(0, made, "n").error == "InvalidHandle" and syscall.link(0, -1, "n").error == "InvalidHandle"
    reply = syscall.invoke_service("~:s", None)
    assert (reply.success, reply.error, reply.status, reply.data, reply.headers) == (False, "GateLoop", 0, b"", {})
    assert syscall.github_rest_post("/x", {}, toblob=True).status == syscall.github_rest_get("/x").status == 0


def test_entries_are_objects_of_their_kinds(syscall, fake):
    import syscalls

    kinds = (syscalls.Directory, syscalls.File, syscalls.FacetedDirectory, syscalls.Gate, syscalls.Service, syscalls.BlobEntry)
    fake.answers[72] = []
    for number, kind in enumerate(kinds):
        fake.answers[71] = [H, bytes([number])]
        with syscall.root().open_at("x") as entry:
            assert type(entry) is kind and (entry.fd, entry.kind) == (7, number)
        assert fake.asked[-1] == (72, [H])
    fake.answers[71] = 9
    with pytest.raises(syscalls.OpenError, match="DoesNotExist: x"), syscall.root().open_at("x"):
        pass


def test_gates_are_called_and_changed_by_handle(syscall, fake):
    import syscalls

    fake.answers |= {103: [*REPLY[:4], H, b"id"], 74: [], 80: [b'{"privilege": {"DCFormula": []}, "function": {"memory": 1}}']}
    gate = syscalls.Gate(7, 3)
    reply = gate.invoke({"a": 1}, sync=False, params={"n": 1}, toblob=True)
    assert fake.asked[-1] == (103, [b"\6", H, b'{"a": 1}', b'{"n": "1"}'])
    assert (reply.success, reply.fd, reply.invocation_id, reply.headers) == (True, 7, "id", {"x": b"y"})
    assert gate.update_direct(memory=5, runtime="~:r").success
    assert fake.asked[-1] == (74, [H, b'{"memory": 5, "runtime": {"path": "~:r"}}'])
    assert gate.update_redirect(gate=syscall.root(), declassify="T").success
    assert json.loads(fake.asked[-1][1][1]) == {"declassify": "T", "gate": {"handle": 0}}
    assert gate.ls() == {"direct": {"privilege": {"DCFormula": []}, "function": {"memory": 1}}}
    with pytest.raises(TypeError, match="no setting"):
        syscall.fs_creategate("g", "a,b", "x", 1, "python", colour="red")


def test_labels_are_taken_as_objects_and_dicts(syscall, fake):
    from syscalls import Buckle, FacetedDirectory

    fake.answers |= {82: [b""], 77: LABEL, 70: OPENED}
    syscall.fs_read(["home", Buckle(), Buckle().to_dict()])
    assert fake.asked[-1][1] == [b"\0" + json.dumps(["home", *2 * [json.loads(LABEL[1])]]).encode()]
    home = FacetedDirectory(7, 2)
    assert home.ls() == [json.loads(LABEL[1])]
    home.ls(Buckle())
    assert fake.asked[-1][1] == [H, b"\0" + sent(Buckle().to_dict())]
    home.open(home.ls()[0])
    assert fake.asked[-1][1] == [H, b"T,T"]


def test_calls_are_refused_while_a_module_is_imported(syscall, fake):
    from swiftlet_runtime import host

    host.in_call = False
    with pytest.raises(RuntimeError, match="while the module is imported"):
        syscall.fs_read("x")
    assert fake.asked == []


def test_verbs_have_both_names():
    import syscalls
    import syscalls_pb2

    assert [int(verb) for verb in syscalls.HttpVerb] == [0, 1, 2, 3, 4]
    assert syscalls_pb2.HttpGet == syscalls.HttpVerb.GET == syscalls.HttpVerb.HttpGet == 1


def test_what_was_told_of_the_label_holds_until_it_changes(syscall, fake):
    def count(*calls):
        before = len(fake.asked)
        for call in calls:
            call()
        return len(fake.asked) - before

    fake.answers |= dict.fromkeys((64, 65, 66, 67), LABEL) | {82: [b"x"], 83: 16}
    current, endorse = syscall.get_current_label, syscall.endorse
    raised = lambda: syscall.taint_with_label("a,T")  # noqa: E731
    assert count(raised, current, raised, endorse, endorse, current, current) == 2
    assert count(lambda: syscall.taint_with_label("b,T"), lambda: syscall.endorse("b")) == 2
    # An answer that is changed by who got it is not told again.
    current().secrecy.clauses.append("x")
    assert str(current()) == "T,T" and not current().secrecy.clauses
    # Reading leaves the label alone, or says that it did not; so do refusals, and who knows what failed calls do.
    assert count(lambda: syscall.fs_read("x"), current) == 1
    fake.changing = {82, 83}
    for call in (lambda: syscall.fs_read("x"), lambda: syscall.fs_write("x", b"")):
        assert count(call, current, current, raised) == 3

    def fail(*_):
        raise RuntimeError("the server fails")

    fake.answers[84] = fail
    assert count(current) == 0
    with pytest.raises(RuntimeError):
        syscall.fs_list("x")
    assert count(current) == 1
    # What is refused is asked again: each time is logged.
    fake.answers |= {66: 16, 67: 16}
    assert count(*2 * [lambda: syscall.declassify("T"), lambda: syscall.endorse("z")]) == 4
