"""The calls of functions, over the real host: labels, paths, blobs, handles, older names."""

import hashlib
import random

import pytest

DATA = random.Random(3).randbytes(300_000)


def test_labels_and_privilege(alice):
    program = """
        def told(label): return label and str(label)
        own = syscalls.Component(clauses=[syscalls.Clause([syscalls.TokenList(["alice", "x"])])])
        result = [
            told(call.get_current_label()), told(call.taint_with_label("bob,T")), told(call.declassify("bob")),
            told(call.declassify("T")), told(call.declassify("alice/x&bob")), told(call.declassify(own)),
            told(call.endorse("bob")), told(call.endorse(own)), told(call.endorse()),
            told(call.sub_privilege(["a", "b"])), told(call.taint_with_label("nonsense")),
            call.get_current_label() == call.buckle_parse("alice/x&bob,alice"),
        ]
    """
    expected = [
        "bob,T", "bob,T", "bob,T", None, "alice/x&bob,T", None, None, "alice/x&bob,alice/x", "alice/x&bob,alice", "alice/a/b", None, True,
    ]  # fmt: skip
    # It holds what bob alone may know: who asks says so.
    found = alice.run(program, gate="home:<T,alice>:lab", headers={"X-Faasten-Label": "bob,T"})
    assert found == expected


def test_text_and_lists_are_the_same_paths(alice):
    program = """
        mine = call.buckle_parse("alice,alice")
        call.fs_createdir("~:same")
        call.fs_createfile("~:same:f")
        call.fs_write("~:same:f", "text")
        spelled = ["~:same:f", ":home:<alice,alice>:same:f:", "home:alice,alice:same:f", ["~", "same", "f"],
                   ["home", mine, "same", "f"], ("home", "alice,alice", "same", "f"), ["home", mine.to_dict(), "same", "f"]]
        names = [call.fs_createdir(["~", "same", name]) for name in ("a:b", "x y", "ü")]
        bad = [["~", "same", name] for name in ("", "~", "%", "<x>", "a\\0b", "n" * 256, "\\ud800")]
        result = [[call.fs_read(path) == b"text" for path in spelled], names, call.fs_list("~:same:a\\\\:b"),
                  call.fs_list("~:same")["names"], [call.fs_createdir(path) for path in bad], call.fs_createdir("~:\\ud800")]
    """
    assert alice.run(program) == [[True] * 7, [True] * 3, {"names": []}, ["a:b", "f", "x y", "ü"], [False] * 7, False]


def test_paths_of_everything(alice):
    program = """
        made = [call.fs_createdir("~:all"), call.fs_createfaceted("~:all:facets"), call.fs_createfile("~:all:file", "alice,alice"),
                call.fs_hardlink("~:all:file", "~:all:other"), call.fs_writefile("~:all:other", b"1")]
        with call.create_file("~:all:third") as file:
            made += [file.write(b"22"), file.read() == b"22"]
        with call.create_blob() as blob:
            made.append(call.fs_linkblob("~:all:blob", blob.finalize(b"blob")))
        again = [call.fs_createdir("~:all"), call.fs_createfile("~:all:file"), call.fs_linkblob("~:all:blob", blob.hash),
                 call.fs_hardlink("~:all:none", "~:all:x"), call.fs_delete("~:all:none"), call.fs_read("~:all:blob")]
        facet = call.fs_createfile("~:all:facets:f")
        facets = json.loads(call.fs_faceted_list("~:all:facets"))["facets"]
        result = [made, again, facet, [[json.loads(label)["secrecy"], names] for label, names in facets.items()],
                  call.fs_read("~:all:file").decode(), call.fs_faceted_list("~:all"), call.fs_list("~:all")]
    """
    secret = {"DCFormula": [[["alice"]]]}
    assert alice.run(program) == [
        [True] * 8, [False, False, False, False, False, None], True, [[secret, {"names": ["f"]}]], "1", "{}",
        {"names": ["blob", "facets", "file", "other", "third"]},
    ]  # fmt: skip


def test_blobs_are_files(alice):
    program = """
        from PIL import Image
        data = bytes(data)
        found = []
        for kind in ("JPEG", "PNG", "GIF", "BMP"):
            with call.create_blob() as new:
                Image.frombytes("RGB", (100, 100), data[:30000]).save(new, format=kind)
                name = new.finalize()
            with call.open_blob(name) as blob:
                picture = Image.open(blob)
                picture.load()
            found.append([picture.format, picture.size])
        with call.create_blob() as new:
            with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("data", data)
            name = new.finalize()
        with call.open_blob(name) as blob, zipfile.ZipFile(blob) as archive:
            found.append(archive.read("data") == data)
        with call.create_blob() as new:
            text = io.TextIOWrapper(new, "utf-8", newline="")
            csv.writer(text).writerows([["ü", 1], ["x", 2]])
            text.flush()
            name = new.finalize()
        with call.open_blob(name) as blob:
            found.append(list(csv.reader(io.TextIOWrapper(blob, "utf-8", newline=""))))
        with call.create_blob(len(data)) as new:
            shutil.copyfileobj(io.BytesIO(data), new, 1000)
            name = new.finalize()
        with call.open_unnamed(name) as blob, call.create_unnamed() as copy:
            shutil.copyfileobj(blob, copy)
            found.append([copy.finalize() == name, blob.length, name])
        with call.create_blob() as new:
            new.write(b'{"a": [1]}')
            name = new.finalize()
        with call.open_blob(name) as blob:
            found.append(json.load(blob))
        result = found
    """
    kinds = [[kind, [100, 100]] for kind in ("JPEG", "PNG", "GIF", "BMP")]
    copied = [True, len(DATA), hashlib.sha256(DATA).hexdigest()]
    assert alice.run(program, data=list(DATA)) == [*kinds, True, [["ü", "1"], ["x", "2"]], copied, {"a": [1]}]


def test_large_blobs_are_streamed(alice):
    program = """
        import hashlib
        part, digest = bytes(range(256)) * 40961, hashlib.sha256()
        with call.create_blob("~:large", replace=True) as new:
            taken = [new.write(part) for _ in range(3)]
            name = new.finalize()
        with call.fs_openblob("~:large") as blob:
            for piece in iter(lambda: blob.read(3 << 20), b""):
                digest.update(piece)
            tail = [blob.seek(-3, 2), list(blob.read()), len(blob.read()), blob.tell() == blob.length]
        result = [taken == [len(part)] * 3, new.linked, name == digest.hexdigest(), tail]
    """
    assert alice.run(program) == [True, True, True, [256 * 40961 * 3 - 3, [253, 254, 255], 0, True]]


def test_the_seed_form_says_whether_it_linked(alice):
    program = """
        found = []
        for replace in (False, False, True):
            with call.create_blob("~:seedling", label="alice,alice", replace=replace) as blob:
                found.append([blob.finalize(str(len(found)).encode()) == blob.hash, blob.linked, blob.link_error])
        with call.create_blob("home:<T,bob>:x") as blob:
            blob.finalize(b"x")
            found.append([blob.linked, blob.link_error, blob.write(b"y")])
        with call.create_blob("~:dropped") as blob:
            blob.write(b"never sealed")
        try:
            call.fs_openblob("~:dropped")
        except syscalls.OpenError as error:
            found.append(error.code)
        with call.fs_openblob("~:seedling") as blob:
            found.append(blob.read().decode())
        result = found
    """
    links = [[True, True, None], [True, False, "LinkExists"], [True, True, None]]
    assert alice.run(program) == [*links, [False, "Denied", 0], "DoesNotExist", "2"]


def test_blobs_of_others_are_not_found_by_their_hash(alice, bob):
    name = alice.run("with call.create_blob('~:secret', replace=True) as blob: result = blob.finalize(b'what only alice may know')")
    program = """
        found = []
        for label in (None, "alice,T"):
            if label:
                call.taint_with_label(label)
            try:
                with call.open_blob(name) as blob:
                    found.append(blob.read().decode())
            except syscalls.OpenError as error:
                found.append(error.code)
        print(found)
        call.fs_write("~:found", json.dumps(found))
        result = found
    """
    assert bob.invoke("~:lab", {"program": program.replace("\n        ", "\n"), "name": name}).status == 401
    assert bob.run("result = call.fs_read('~:found')") is None
    assert bob.run(program.replace('(None, "alice,T")', "(None,)"), name=name) == ["DoesNotExist"]


def test_handles(alice):
    program = """
        with root.open_at(["home", "alice,alice"]) as home:
            made = call.dent_create_dir("alice,alice")
            steps = [home.link(made, "handles").success, home.link(made, "handles").error]
            with home.open("handles") as directory:
                file = call.dent_create_file("alice,alice")
                steps += [call.link(directory, file.fd, "f").success, directory.ls(), call.dent_list(directory.fd).entries]
                with directory.open_at(["f"]) as opened:
                    steps += [type(opened).__name__, opened.write(b"data"), opened.read().decode(), opened.kind]
                with call.create_blob() as new:
                    new.finalize(b"sealed")
                steps += [directory.link(new, "b").success, call.fs_list("~:handles")["names"]]
                entry = call.dent_create_blob("alice,alice", new.fd)
                steps.append(directory.link(entry, "c").success)
                with directory.open("c") as entry:
                    with entry.get() as blob:
                        steps.append(blob.read().decode())
                    with call.create_blob() as other:
                        other.finalize(b"other")
                        steps.append(entry.replace(other).success)
                with call.fs_openblob("~:handles:c") as blob:
                    steps.append(blob.read().decode())
                facets = call.dent_create_faceted()
                steps.append(directory.link(facets, "facets").success)
                with directory.open("facets") as faceted:
                    mine = call.open_at_facet(faceted, "alice,alice")
                    steps += [mine.kind, call.link(mine, file, "again").success, faceted.ls(), faceted.ls("alice,T")]
                steps += [directory.unlink("f").success, directory.unlink("f").error, call.open_at(directory.fd, "none").error]
        steps += [call.dent_list(home.fd).error, call.dent_list(file.fd).error, syscalls.Gate(0, 3).ls(),
                  syscalls.File(0, 1).read(), call.dent_list("home").error, call.dent_create_blob(None, 0).error]
        try:
            root.open_at("home:<alice,alice>:handles:none")
        except syscalls.OpenError as error:
            steps.append(error.code)
        result = steps
    """
    mine = {"DCFormula": [[["alice"]]]}
    assert alice.run(program) == [
        True, "LinkExists", True, {"f": 1}, {"f": 1}, "File", True, "data", 1, True, ["b", "f"], True, "sealed", True, "other", True,
        0, True, [], [{"secrecy": mine, "integrity": mine}], True, "DoesNotExist", "DoesNotExist",
        "InvalidHandle", "InvalidHandle", None, None, "InvalidHandle", "InvalidHandle", "DoesNotExist",
    ]  # fmt: skip


def test_both_generations_have_all_calls(alice):
    newer = """
        def handle(syscall, payload):
            with syscall.create_blob("~:by-newer", replace=True) as blob:
                blob.finalize(payload)
            return [syscall.fs_list("~:by-newer"), syscall.fs_createdir("~:by-newer"), str(syscall.get_current_label())]
    """
    alice.register("~:mixed", "alice,alice", {"workload.py": newer})
    answer = alice.invoke("~:mixed", b'"bytes"')
    assert answer.json == [{}, False, "alice,T"] and alice.cat("~:by-newer") == b'"bytes"'


def test_older_names(alice):
    program = """
        result = [call.write_key("k/v", "1"), call.write_key("k/w", b"2"), call.read_key("k/v").decode(), call.read_key("k/x"),
                  call.read_dir("k"), call.read_dir("none"), call.fs_read("~:kv:k:v").decode(),
                  call.github_rest_get("/x").status, call.github_rest_put("/x", {}).status]
    """
    assert alice.run(program) == [True, True, "1", None, ["v", "w"], [], "1", 0, 0]


@pytest.mark.parametrize("path", ["home:<bob,bob>:x", "home:<T,bob>:x", "home:<T,F>:x"])
def test_nobody_writes_what_is_anothers(alice, path):
    calls = ["fs_createdir(path)", "fs_createfile(path)", "fs_delete(path)", "fs_write(path, b'')", "fs_createfaceted(path)"]
    program = f"result = [{', '.join('call.' + each for each in calls)}]"
    assert alice.run(program, path=path, headers={"X-Faasten-Label": "bob,T"} if "bob,b" in path else None) == [False] * 5


def test_what_bob_reads_of_alice_is_not_for_him(alice, bob):
    alice.run("call.fs_createfile('~:diary'); call.fs_write('~:diary', b'dear diary')")
    program = "result = call.fs_read('home:<alice,alice>:diary').decode()"
    answer = bob.invoke("~:lab", {"program": program})
    assert (answer.status, answer.json) == (401, {"error": "unauthorized to read response"})
