"""Blobs are files: libraries that read and write files work on them."""

import csv
import hashlib
import io
import json
import random
import shutil
import struct
import zipfile

import pytest

BIG = random.Random(5).randbytes(5_000_000)


@pytest.fixture
def blob(syscall, fake):
    """Opens a blob of these bytes."""
    return lambda data: syscall.open_blob(fake.seal(data))


def test_reading_and_seeking(blob):
    with blob(b"one\ntwo\nthree") as file:
        assert (file.length, file.readable(), file.seekable(), file.writable(), file.closed) == (13, True, True, False, False)
        assert file.read(3) == b"one" and file.tell() == 3 and file.read(0) == b""
        assert file.seek(-5, 2) == 8 and file.read() == b"three" and file.read() == b"" and file.read(4) == b""
        assert file.seek(1) == 1 and file.seek(2, 1) == 3 and file.readline() == b"\n" and list(file) == [b"two\n", b"three"]
        assert file.seek(0) == 0 and file.read(None) == file.seek(0) * b"" + b"one\ntwo\nthree"
        buffer = bytearray(5)
        assert file.seek(8) == 8 and file.readinto(buffer) == 5 and buffer == b"three"
        assert file.seek(100) == 100 and file.read(5) == b""
        for wrong in ((-1, 0), (0, 7)):
            with pytest.raises(ValueError):
                file.seek(*wrong)
    assert file.closed
    with pytest.raises(ValueError):
        file.read()


@pytest.mark.parametrize("size", [None, -1, 3_000_000, 100_000, 65_536, 999_999])
def test_large_blobs_are_read_in_parts(blob, fake, size):
    with blob(BIG) as file:
        parts = list(iter(lambda: file.read(size), b""))
    assert b"".join(parts) == BIG
    assert all(len(part) == size for part in parts[:-1])
    assert all(struct.unpack("<I", fields[2])[0] <= 2 << 20 for operation, fields in fake.asked if operation == 100)


def test_small_reads_do_not_ask_each_time(blob, fake):
    with blob(BIG[:100_000]) as file:
        while file.read(10):
            pass
    assert len([operation for operation, _ in fake.asked if operation == 100]) <= 3


def test_a_vanished_blob_raises(syscall, blob, fake):
    from syscalls import OpenError, ReadBlobError

    with blob(b"x") as file:
        fake.open.clear()
        with pytest.raises(ReadBlobError, match="InvalidHandle"):
            file.read()
    with pytest.raises(OpenError, match="DoesNotExist"), syscall.open_blob("0" * 64):
        pass


def test_writing(syscall, fake):
    with syscall.create_blob(size=5) as new:
        assert (new.writable(), new.readable(), new.seekable()) == (True, False, False)
        assert new.write(BIG) == len(BIG) and new.tell() == len(BIG)
        assert new.finalize(b"end") == hashlib.sha256(BIG + b"end").hexdigest() == new.hash
        assert new.write(b"more") == 0 and new.finalize() == new.hash and new.linked is False
    assert new.closed and fake.open == {} and fake.sealed[new.hash] == BIG + b"end"
    with syscall.open_blob(new) as again:
        assert again.read(3) == BIG[:3]
    with syscall.create_blob(5) as dropped:
        dropped.write(b"x")
    assert len(fake.sealed) == 1
    with pytest.raises(ValueError):
        dropped.write(b"x")
    with pytest.raises(TypeError), syscall.create_unnamed() as new:
        new.write("text")


def test_nothing_is_cut_short_silently(syscall, fake):
    from syscalls import CreateBlobError

    fake.quota = 3
    with syscall.create_blob() as new:
        assert new.write(b"abc") == 3 and new.write(b"d") == 0
        with pytest.raises(CreateBlobError, match="QuotaExceeded"):
            new.finalize()
    with pytest.raises(CreateBlobError, match="QuotaExceeded"), syscall.create_blob() as new:
        new.finalize(b"abcd")
    fake.answers[97] = 15
    with pytest.raises(CreateBlobError, match="Busy"), syscall.create_blob():
        pass


def test_the_seed_form_links(syscall, fake):
    with syscall.create_blob("~:x", label="a,T") as new:
        new.finalize(b"1")
    assert new.linked and new.link_error is None
    assert fake.asked[-2][1][1:] == [b"\1", b"~:x", b"a,T"]
    with syscall.create_blob("taken") as new:
        assert len(new.finalize(b"1")) == 64
    assert not new.linked and new.link_error == "LinkExists"
    with syscall.create_blob("taken", replace=True) as new:
        new.finalize(b"1")
    assert new.linked


def test_a_strict_gate_is_told_of_a_link_that_was_not_made(strict, syscall):
    from syscalls import CloudCallError

    with pytest.raises(CloudCallError, match="LinkExists"), syscall.create_blob("taken") as new:
        new.finalize(b"1")


def test_blobs_open_by_handle_too(syscall, fake):
    upload = struct.unpack("<I", fake.add(b"upload"))[0]
    for _ in range(2):
        with syscall.open_blob(upload) as file:
            assert file.read() == b"upload" and file.length == 6
    fake.answers[81] = [struct.pack("<I", upload), struct.pack("<Q", 6)]
    with syscall.open_unnamed(99) as file:
        assert file.read() == b"upload"


def test_opening_what_is_not_sealed_does_not_seal_it(syscall, fake):
    from syscalls import OpenError

    fake.answers[81] = 10
    with syscall.create_blob() as new:
        with pytest.raises(OpenError, match="InvalidHandle"):
            syscall.open_blob(new)
        assert new.write(b"x") == 1


def test_shutil_copies(syscall, blob, fake):
    with blob(BIG) as source, syscall.create_blob() as target:
        shutil.copyfileobj(source, target)
        assert fake.sealed[target.finalize()] == BIG


def test_zipfile(syscall, fake):
    with syscall.create_blob() as new:
        with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("big", BIG)
            archive.writestr("small", "text")
        new.finalize()
    with syscall.open_blob(new.hash) as file, zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["big", "small"] and archive.read("big") == BIG


def test_text_csv_and_json(syscall, blob, fake):
    with syscall.create_blob() as new:
        text = io.TextIOWrapper(new, "utf-8", newline="")
        csv.writer(text).writerows([["náme", 1], ["x", 2]])
        text.flush()
        digest = new.finalize()
    with syscall.open_blob(digest) as file:
        assert list(csv.reader(io.TextIOWrapper(file, "utf-8", newline=""))) == [["náme", "1"], ["x", "2"]]
    with blob(b'{"a": [1]}') as file:
        assert json.load(file) == {"a": [1]}
