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
            told(cloudcall.get_current_label()), told(cloudcall.taint_with_label("bob,T")), told(cloudcall.declassify("bob")),
            told(cloudcall.declassify("T")), told(cloudcall.declassify("alice/x&bob")), told(cloudcall.declassify(own)),
            told(cloudcall.endorse("bob")), told(cloudcall.endorse(own)), told(cloudcall.endorse()),
            told(cloudcall.sub_privilege(["a", "b"])), told(cloudcall.taint_with_label("nonsense")),
            cloudcall.get_current_label() == cloudcall.buckle_parse("alice/x&bob,alice"),
        ]
    """
    expected = ["T,T", "bob,T", "bob,T", None, "alice/x&bob,T", None, None, "alice/x&bob,alice/x", "alice/x&bob,alice", "alice/a/b", None, True]
    found = alice.run(program, gate="home:<T,alice>:lab", headers={"X-Faasten-Label": "bob,T"})
    expected[0] = "bob,T"
    assert found == expected


def test_text_and_lists_are_the_same_paths(alice):
    program = """
        mine = cloudcall.buckle_parse("alice,alice")
        cloudcall.fs_createdir("~:same")
        cloudcall.fs_createfile("~:same:f")
        cloudcall.fs_write("~:same:f", "text")
        spelled = ["~:same:f", ":home:<alice,alice>:same:f:", "home:alice,alice:same:f", ["~", "same", "f"],
                   ["home", mine, "same", "f"], ("home", "alice,alice", "same", "f"), ["home", mine.to_dict(), "same", "f"]]
        names = [cloudcall.fs_createdir(["~", "same", name]) for name in ("a:b", "x y", "ü")]
        bad = [["~", "same", name] for name in ("", "~", "%", "<x>", "a\\0b", "n" * 256, "\\ud800")]
        result = [[cloudcall.fs_read(path) == b"text" for path in spelled], names, cloudcall.fs_list("~:same:a\\\\:b"),
                  cloudcall.fs_list("~:same")["names"], [cloudcall.fs_createdir(path) for path in bad], cloudcall.fs_createdir("~:\\ud800")]
    """
    assert alice.run(program) == [[True] * 7, [True] * 3, {"names": []}, ["a:b", "f", "x y", "ü"], [False] * 7, False]


def test_paths_of_everything(alice):
    program = """
        made = [cloudcall.fs_createdir("~:all"), cloudcall.fs_createfaceted("~:all:facets"), cloudcall.fs_createfile("~:all:file", "alice,alice"),
                cloudcall.fs_hardlink("~:all:file", "~:all:other"), cloudcall.fs_writefile("~:all:other", b"1")]
        with cloudcall.create_file("~:all:third") as file:
            made += [file.write(b"22"), file.read() == b"22"]
        with cloudcall.create_blob() as blob:
            made.append(cloudcall.fs_linkblob("~:all:blob", blob.finalize(b"blob")))
        again = [cloudcall.fs_createdir("~:all"), cloudcall.fs_createfile("~:all:file"), cloudcall.fs_linkblob("~:all:blob", blob.hash),
                 cloudcall.fs_hardlink("~:all:none", "~:all:x"), cloudcall.fs_delete("~:all:none"), cloudcall.fs_read("~:all:blob")]
        facet = cloudcall.fs_createfile("~:all:facets:f")
        facets = json.loads(cloudcall.fs_faceted_list("~:all:facets"))["facets"]
        result = [made, again, facet, [[json.loads(label)["secrecy"], names] for label, names in facets.items()],
                  cloudcall.fs_read("~:all:file").decode(), cloudcall.fs_faceted_list("~:all"), cloudcall.fs_list("~:all")]
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
            with cloudcall.create_blob() as new:
                Image.frombytes("RGB", (100, 100), data[:30000]).save(new, format=kind)
                name = new.finalize()
            with cloudcall.open_blob(name) as blob:
                picture = Image.open(blob)
                picture.load()
            found.append([picture.format, picture.size])
        with cloudcall.create_blob() as new:
            with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("data", data)
            name = new.finalize()
        with cloudcall.open_blob(name) as blob, zipfile.ZipFile(blob) as archive:
            found.append(archive.read("data") == data)
        with cloudcall.create_blob() as new:
            text = io.TextIOWrapper(new, "utf-8", newline="")
            csv.writer(text).writerows([["ü", 1], ["x", 2]])
            text.flush()
            name = new.finalize()
        with cloudcall.open_blob(name) as blob:
            found.append(list(csv.reader(io.TextIOWrapper(blob, "utf-8", newline=""))))
        with cloudcall.create_blob(len(data)) as new:
            shutil.copyfileobj(io.BytesIO(data), new, 1000)
            name = new.finalize()
        with cloudcall.open_unnamed(name) as blob, cloudcall.create_unnamed() as copy:
            shutil.copyfileobj(blob, copy)
            found.append([copy.finalize() == name, blob.length, name])
        with cloudcall.create_blob() as new:
            new.write(b'{"a": [1]}')
            name = new.finalize()
        with cloudcall.open_blob(name) as blob:
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
        with cloudcall.create_blob("~:large", replace=True) as new:
            taken = [new.write(part) for _ in range(3)]
            name = new.finalize()
        with cloudcall.fs_openblob("~:large") as blob:
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
            with cloudcall.create_blob("~:seedling", label="alice,alice", replace=replace) as blob:
                found.append([blob.finalize(str(len(found)).encode()) == blob.hash, blob.linked, blob.link_error])
        with cloudcall.create_blob("home:<bob,bob>:x") as blob:
            blob.finalize(b"x")
        found.append([blob.linked, blob.link_error, blob.write(b"y")])
        with cloudcall.create_blob("~:dropped") as blob:
            blob.write(b"never sealed")
        try:
            cloudcall.fs_openblob("~:dropped")
        except syscalls.OpenError as error:
            found.append(error.code)
        with cloudcall.fs_openblob("~:seedling") as blob:
            found.append(blob.read().decode())
        result = found
    """
    links = [[True, True, None], [True, False, "LinkExists"], [True, True, None]]
    assert alice.run(program) == [*links, [False, "Denied", 0], "DoesNotExist", "2"]


def test_blobs_of_others_are_not_found_by_their_hash(alice, bob):
    name = alice.run("with cloudcall.create_blob('~:secret', replace=True) as blob: result = blob.finalize(b'what only alice may know')")
    program = """
        found = []
        for label in (None, "alice,T"):
            if label:
                cloudcall.taint_with_label(label)
            try:
                with cloudcall.open_blob(name) as blob:
                    found.append(blob.read().decode())
            except syscalls.OpenError as error:
                found.append(error.code)
        print(found)
        cloudcall.fs_write("~:found", json.dumps(found))
        result = found
    """
    assert bob.invoke("~:lab", {"program": program.replace("\n        ", "\n"), "name": name}).status == 401
    assert bob.run("result = cloudcall.fs_read('~:found')") is None
    assert bob.run(program.replace('(None, "alice,T")', "(None,)"), name=name) == ["DoesNotExist"]


def test_handles(alice):
    program = """
        with root.open_at(["home", "alice,alice"]) as home:
            made = cloudcall.dent_create_dir("alice,alice")
            steps = [home.link(made, "handles").success, home.link(made, "handles").error]
            with home.open("handles") as directory:
                file = cloudcall.dent_create_file("alice,alice")
                steps += [cloudcall.link(directory, file.fd, "f").success, directory.ls(), cloudcall.dent_list(directory.fd).entries]
                with directory.open_at(["f"]) as opened:
                    steps += [type(opened).__name__, opened.write(b"data"), opened.read().decode(), opened.kind]
                with cloudcall.create_blob() as new:
                    new.finalize(b"sealed")
                steps += [directory.link(new, "b").success, cloudcall.fs_list("~:handles")["names"]]
                entry = cloudcall.dent_create_blob("alice,alice", new.fd)
                steps.append(directory.link(entry, "c").success)
                with directory.open("c") as entry:
                    with entry.get() as blob:
                        steps.append(blob.read().decode())
                    with cloudcall.create_blob() as other:
                        other.finalize(b"other")
                        steps.append(entry.replace(other).success)
                with cloudcall.fs_openblob("~:handles:c") as blob:
                    steps.append(blob.read().decode())
                facets = cloudcall.dent_create_faceted()
                steps.append(directory.link(facets, "facets").success)
                with directory.open("facets") as faceted:
                    mine = cloudcall.open_at_facet(faceted, "alice,alice")
                    steps += [mine.kind, cloudcall.link(mine, file, "again").success, faceted.ls(), faceted.ls("alice,T")]
                steps += [directory.unlink("f").success, directory.unlink("f").error, cloudcall.open_at(directory.fd, "none").error]
        steps += [cloudcall.dent_list(home.fd).error, cloudcall.dent_list(file.fd).error, syscalls.Gate(0, 3).ls(),
                  syscalls.File(0, 1).read(), cloudcall.dent_list("home").error, cloudcall.dent_create_blob(None, 0).error]
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
        result = [cloudcall.write_key("k/v", "1"), cloudcall.write_key("k/w", b"2"), cloudcall.read_key("k/v").decode(), cloudcall.read_key("k/x"),
                  cloudcall.read_dir("k"), cloudcall.read_dir("none"), cloudcall.fs_read("~:kv:k:v").decode(),
                  cloudcall.github_rest_get("/x").status, cloudcall.github_rest_put("/x", {}).status]
    """
    assert alice.run(program) == [True, True, "1", None, ["v", "w"], [], "1", 0, 0]


@pytest.mark.parametrize("path", ["home:<bob,bob>:x", "home:<T,bob>:x", "home:<T,F>:x"])
def test_nobody_writes_what_is_anothers(alice, path):
    calls = ["fs_createdir(path)", "fs_createfile(path)", "fs_delete(path)", "fs_write(path, b'')", "fs_createfaceted(path)"]
    program = f"result = [{', '.join('cloudcall.' + call for call in calls)}]"
    assert alice.run(program, path=path, headers={"X-Faasten-Label": "bob,T"} if "bob,b" in path else None) == [False] * 5


def test_what_bob_reads_of_alice_is_not_for_him(alice, bob):
    alice.run("cloudcall.fs_createfile('~:diary'); cloudcall.fs_write('~:diary', b'dear diary')")
    program = "result = cloudcall.fs_read('home:<alice,alice>:diary').decode()"
    answer = bob.invoke("~:lab", {"program": program})
    assert (answer.status, answer.json) == (401, {"error": "unauthorized to read response"})
