"""What the queue offers, on the real program: logs as they are printed, callbacks, dead letters."""

import hashlib
import hmac
import http.client
import http.server
import json
import threading

SLOW = """
import time
def main(args, context):
    print("begins")
    time.sleep(0.3)
    print("goes on")
    time.sleep(args.get("seconds", 0))
    return args
"""


def follow(server, identifier):
    """The events of an execution's log, as they come."""
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=60)
    headers = {"Authorization": f"Token {server.token}", "Accept": "text/event-stream"}
    connection.request("GET", f"/v1/executions/{identifier}/logs", headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200 and answer.headers["Content-Type"] == "text/event-stream"
    name = ""
    for line in answer:
        text = line.decode().rstrip("\n")
        if text.startswith("event: "):
            name = text.removeprefix("event: ")
        elif text.startswith("data: "):
            yield name, json.loads(text.removeprefix("data: "))


def test_lines_come_while_the_call_runs(server):
    server.deploy("talker", SLOW)
    identifier = server.enqueue("talker", {"seconds": 3})
    events = follow(server, identifier)
    name, line = next(events)
    assert (name, line["text"], line["stream"], line["attempt"]) == ("log", "begins", "stdout", 1)
    assert server.execution(identifier)["status"] == "Started"
    rest = list(events)
    assert [(name, data.get("text")) for name, data in rest] == [("log", "goes on"), ("end", None)]
    assert rest[-1][1]["status"] == "Success"
    logs = server.request("GET", f"/v1/executions/{identifier}/logs").json
    assert [each["text"] for each in logs] == ["begins", "goes on"]


def test_a_callback_is_signed_and_tried_again(start_server):
    received, arrived = [], threading.Event()

    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            received.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200 if len(received) > 1 else 500)
            self.end_headers()
            if len(received) > 1:
                arrived.set()

        def log_message(self, *_):
            pass

    server = start_server("--allow-private-callbacks")
    server.deploy("talker", SLOW)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=60)
        headers = {"Authorization": f"Token {server.token}", "X-Callback-Url": f"http://127.0.0.1:{receiver.server_port}/x"}
        connection.request("POST", "/v1/functions/talker/rpc/", json.dumps({"n": 1}), headers)
        identifier = json.loads(connection.getresponse().read())
        assert arrived.wait(60)
        receiver.shutdown()
    key = (server.data / "callback.key").read_bytes().strip()
    assert len(received) == 2 and received[0][1] == received[1][1]
    for headers, body in received:
        assert headers["X-Call-Id"] == identifier and json.loads(body)["output"] == {"n": 1}
        signed = headers["X-Swiftlet-Timestamp"].encode() + b"." + body
        assert headers["X-Swiftlet-Signature"] == "sha256=" + hmac.new(key, signed, hashlib.sha256).hexdigest()


def test_a_private_callback_is_refused(server):
    server.deploy("talker", SLOW)
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=60)
    headers = {"Authorization": f"Token {server.token}", "X-Callback-Url": "http://127.0.0.1:9/"}
    connection.request("POST", "/v1/functions/talker/rpc/", "{}", headers)
    assert connection.getresponse().status == 400


def test_the_command_tells_how_to_see_the_next_page(server):
    server.deploy("paged", "def main(args, context): return 1\n")
    ids = [server.call("paged").headers["X-Execution-Id"] for _ in range(3)]
    server.wait_for(lambda: all(server.execution(each)["status"] == "Success" for each in ids))
    pages, before = [], []
    for _ in range(3):
        page = server.fas("executions", "list", "-i", "-d", "paged", "--limit", "1", "--json", *before)
        pages += [each["uuid"] for each in json.loads(page.stdout)]
        assert page.stderr == f"There is more; the next page: --before {pages[-1]}\n"
        before = ["--before", pages[-1]]
    assert pages == ids[::-1]
