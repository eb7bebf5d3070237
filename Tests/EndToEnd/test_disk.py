"""A disk that fills up: nothing is acknowledged that is not stored, and all goes on when there is room again."""

import ctypes
import os
import subprocess
import time

import pytest

libc = ctypes.CDLL(None, use_errno=True)
ECHO = "def main(args, context):\n    return args\n"


@pytest.fixture
def small_disk(tmp_path, start_server):
    """A server whose data folder is a file system of its own."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a file system")
    folder = tmp_path / "data"
    folder.mkdir()
    if libc.mount(b"tmpfs", bytes(folder), b"tmpfs", 0, b"size=48m") != 0:
        pytest.skip(f"no file system can be mounted here: {os.strerror(ctypes.get_errno())}")
    server = None
    try:
        server = start_server()
        yield server
    finally:
        if server is not None:
            server.kill()
        # Its workers may hold the folder for a moment longer.
        subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_full_disk_is_a_503_and_no_acknowledgement(small_disk):
    server = small_disk
    server.deploy("echo", ECHO)
    accepted = [server.enqueue("echo", {"n": -1})]
    filler = server.data / "filler"
    with filler.open("wb") as file:
        try:
            while True:
                file.write(b"x" * 65536)
                file.flush()
        except OSError:
            pass
    # What is free in the store's files already may take some more.
    refused = None
    for n in range(20_000):
        answer = server.request("POST", "/v1/functions/echo/rpc/", {"n": n, "filling": "y" * 20_000})
        if answer.status != 200:
            refused = answer
            break
        accepted.append(answer.json)
    assert refused is not None and refused.status == 503 and "disk" in refused.json["message"].lower(), refused and refused.body
    assert server.request("PUT", "/v1/functions/", {"name": "other", "code": ECHO}).status == 503
    # A call that waits needs no disk.
    assert server.call("echo", {"n": 1}).status == 200

    filler.unlink()
    end = time.monotonic() + 60
    while server.request("POST", "/v1/functions/echo/rpc/", {"n": 2}).status != 200:
        assert time.monotonic() < end, "the server did not recover"
        time.sleep(0.1)
    for identifier in accepted:
        execution = server.settled(identifier, seconds=60)
        assert execution["status"] == "Success" and execution["attempts"] >= 1
    metrics = {}
    for line in server.request("GET", "/metrics").body.decode().splitlines():
        if not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            metrics[name] = int(value)
    settled = sum(value for name, value in metrics.items() if "settled" in name)
    assert metrics["swiftlet_executions_accepted_total"] == len(accepted) + 1
    assert settled + metrics["swiftlet_executions_queued"] + metrics["swiftlet_executions_running"] == len(accepted) + 1
    assert "disk" in server.log.read_text().lower()
