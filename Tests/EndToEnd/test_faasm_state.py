"""Shared state over the real program with two workers, which answer reads from copies of their own as long as these are good."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def faasm(launch):
    return launch("--workers", "2", "--threads", "2", "--faasm-upload", "off").faasm()


def files(server) -> int:
    """How many long values the server has in memory for its workers."""
    links = (Path(f"/proc/{server.process.pid}/fd")).iterdir()
    return sum("memfd:state" in os.readlink(link) for link in links if link.is_symlink())


def test_a_value_of_a_gibibyte_is_written_and_read_by_ranges(launch) -> None:
    faasm = launch("--workers", "1", "--threads", "2", "--faasm-upload", "off", "--max-state-value-bytes", str(1 << 30)).faasm()
    faasm.upload(
        "gibibyte",
        """
        from pyfaasm.core import *

        SIZE, PIECE = 1 << 30, 1 << 20

        def faasm_main():
            for offset in (0, (200 << 20) - 5, SIZE - PIECE):
                write_state_offset("long", SIZE, offset, bytes([offset % 251 + 1]) * PIECE)
            push_state("long")
            assert read_state_size("long") == SIZE
            for offset in (0, (200 << 20) - 5, SIZE - PIECE):
                assert read_state_offset("long", SIZE, offset, PIECE) == bytes([offset % 251 + 1]) * PIECE
            assert read_state_offset("long", SIZE, 512 << 20, PIECE) == bytes(PIECE)
            try:
                write_state_offset("long", SIZE, SIZE - 1, b"ab")
            except RuntimeError as error:
                write_output(str(error).encode())
        """,
    )
    answer = faasm.call("gibibyte")
    assert answer.status == 200 and b"maximumStateValueBytes" in answer.body, answer.body


@pytest.mark.parametrize("size", [0, 100, 70_000])
def test_what_a_call_wrote_is_seen_by_the_others_at_once(faasm, size: int) -> None:
    faasm.upload(
        "rounds",
        """
        from pyfaasm.core import *

        def value(number, size):
            return b"%d " % number + bytes([number % 256]) * size

        def step(data):
            number, size = map(int, data.split())
            for _ in range(3):
                if read_state("round") != value(number, size):
                    return 1
            write_state("round", value(number + 1, size))

        def faasm_main():
            size = int(read_input())
            write_state("round", value(0, size))
            for number in range(40):
                # On any worker: two others compute meanwhile.
                calls = [chain(busy, b""), chain(busy, b""), chain(step, b"%d %d" % (number, size))]
                if any([await_call(call) for call in calls]):
                    return 2
                for _ in range(3):
                    if read_state("round") != value(number + 1, size):
                        return 3
                    if read_state_offset("round", 0, 1, 4) != value(number + 1, size)[1:5]:
                        return 4

        def busy(data):
            sum(range(1000))
        """,
    )
    assert faasm.call("rounds", b"%d" % size).headers["X-Faasm-Return-Code"] == "0"


def test_a_value_that_grows_shrinks_and_goes_is_what_it_is(faasm) -> None:
    faasm.upload(
        "sizes",
        """
        from pyfaasm.core import *

        def faasm_main():
            key = "sizes"
            for size in [5, 200_000, 0, 17_000, 16_384, 300_000, 1]:
                write_state(key, bytes([7]) * size)
                for _ in range(3):
                    assert read_state(key) == bytes([7]) * size
                    assert read_state_size(key) == size
                    assert read_state_offset(key, 0, size - 1 if size else 0, 9) == bytes([7]) * min(size, 1)
                write_state_offset(key, size + 3, size, b"ab")
                for _ in range(3):
                    assert read_state(key) == bytes([7]) * size + b"ab\\0"
                    assert read_state_offset(key, 0, size, 9) == b"ab\\0"
                assert compare_and_set_state(key, read_state(key), b"set")
                assert [read_state(key), read_state(key), read_state(key, 2)] == [b"set", b"set", b"se"]
                assert delete_state(key) and not delete_state(key)
                assert [read_state(key), read_state(key), read_state_size(key)] == [b"", b"", 0]
        """,
    )
    answer = faasm.call("sizes")
    assert answer.headers["X-Faasm-Return-Code"] == "0", answer.body.decode()


def test_what_comes_from_outside_is_seen(faasm) -> None:
    faasm.upload("look", "from pyfaasm.core import *\ndef faasm_main():\n    write_output(read_state('outside'))\n")
    for value in [b"a", b"b" * 30_000, b"c" * 30_000, b"d"]:
        assert faasm.request("PUT", "/faasm/upload/s/python/outside", value).status == 200
        for _ in range(4):
            assert faasm.call("look").body == value
    assert faasm.request("DELETE", "/faasm/upload/s/python/outside").status == 204
    assert [faasm.call("look").body for _ in range(4)] == [b""] * 4


@pytest.mark.parametrize("size", [10, 50_000])
def test_one_worker_keeps_tenants_apart(faasm, size: int) -> None:
    source = """
        from pyfaasm.core import *
        def faasm_main():
            if read_input():
                write_state("apart", read_input())
            write_output(b"|".join([read_state("apart") for _ in range(3)][:1]))
        """
    for user in ["ann", "ben", "cleo"]:
        faasm.upload("apart", source, user=user)
    values = {"ann": b"1" * size, "ben": b"2" * size, "cleo": b""}
    for user, value in values.items():
        assert faasm.call("apart", value, user=user).body == value
    for _ in range(4):
        for user, value in values.items():
            assert faasm.call("apart", user=user).body == value


def test_memory_for_long_values_is_given_back(faasm) -> None:
    faasm.upload(
        "many",
        """
        from pyfaasm.core import *

        def faasm_main():
            for number in range(100):
                write_state(f"many{number}", bytes([number]) * 20_000)
            for _ in range(2):
                for number in range(100):
                    assert read_state(f"many{number}") == bytes([number]) * 20_000
                    assert read_state_offset(f"many{number}", 0, 19_999, 5) == bytes([number])

        def delete(data):
            for number in range(100):
                assert delete_state(f"many{number}")
        """,
    )
    before = files(faasm.server)
    assert faasm.code("many") == 0
    assert before < files(faasm.server) <= 64
    assert faasm.code("many", query="?entry=delete") == 0
    assert files(faasm.server) <= before


def test_a_worker_that_dies_takes_nothing_along(start_server) -> None:
    server = start_server("--workers", "1", "--threads", "1", "--faasm-upload", "off")
    faasm = server.faasm()
    faasm.upload(
        "kept",
        """
        from pyfaasm.core import *
        def faasm_main():
            write_state("kept", bytes(90_000))
        def look(data):
            assert [len(read_state("kept")) for _ in range(3)] == [90_000] * 3
            write_state("seen", b"x" * 50_000)
            assert len(read_state("seen")) == len(read_state("seen")) == 50_000
        """,
    )
    assert faasm.code("kept") == 0
    for _ in range(5):
        assert faasm.code("kept", query="?entry=look") == 0
        assert files(server) == 2
        [worker] = server.workers()
        os.kill(worker, signal.SIGKILL)
        server.wait_for(lambda gone=worker: gone not in server.workers() and server.workers())
    assert faasm.code("kept", query="?entry=look") == 0
    assert server.stop() == 0
