"""The interpreter's machine code: made once, in the background, by one of several servers, and made anew where it was changed."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest


def says(server, words: str) -> bool:
    return server.log.exists() and words in server.log.read_text()


@pytest.mark.timeout(600)
def test_it_is_made_once_while_servers_answer_and_anew_where_it_was_changed(make, tmp_path: Path) -> None:
    def server_on(folder: Path, upload: str = "off", **environment: str):
        folder.mkdir()
        server = make(folder, "--faasm-upload", upload)
        server.environment.update({"SWIFTLET_CACHE": str(tmp_path / "cache"), **environment})
        return server

    first = server_on(tmp_path / "first")
    first.start()
    try:
        assert says(first, "compiling the interpreter")
        health = first.request("GET", "/healthz", token=None)
        assert health.status == 503 and "being compiled" in health.json["message"]
        assert first.faasm().request("GET", "/faasm/upload/ping").body == b"PONG"
        # A server that is to be ready only when it can run calls, and that comes while the other compiles.
        second = server_on(tmp_path / "second", "127.0.0.1:0", PYTHON_CODEGEN="on")
        starting = threading.Thread(target=second.start)
        starting.start()
        try:
            first.wait_for(lambda: says(second, "another server compiles") and says(second, "`faasm-upload` is at"))
            ping = second.listener("faasm-upload").request("GET", "/ping")
            assert ping.status == 503 and b"being compiled" in ping.body and ping.headers["Retry-After"] == "1"
            assert not says(second, "ready at")
            # What comes meanwhile waits, and is done.
            faasm = first.faasm()
            faasm.upload("early", "from pyfaasm.core import *\ndef faasm_main(): write_output(b'done')")
            assert faasm.call("early").body == b"done"
            assert first.request("GET", "/healthz", token=None).status == 200
        finally:
            starting.join()
        assert second.faasm().request("GET", "/faasm/upload/ping").body == b"PONG"
        assert not says(second, "compiling the interpreter for")
        assert second.stop() == 0
    finally:
        assert first.stop() == 0
    (code,) = (tmp_path / "cache/code").glob("*.code")

    whole = code.read_bytes()

    def refused(number: int, words: str) -> None:
        server = server_on(tmp_path / f"again{number}")
        server.start()
        assert says(server, words) and says(server, "compiling the interpreter for"), server.log.read_text()
        # It need not be waited for: a server that is stopped meanwhile stops.
        assert server.stop() == 0
        assert not list((tmp_path / "cache/code").glob("*.new"))

    code.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    refused(1, "is damaged: its checksum differs")
    code.write_bytes(whole)
    code.chmod(0o666)
    refused(2, "may be written by others")
    last = server_on(tmp_path / "last", PYTHON_CODEGEN="on")
    last.start()
    assert last.request("GET", "/healthz", token=None).status == 200
    assert last.stop() == 0 and code.read_bytes() == whole and code.stat().st_mode & 0o777 == 0o600
