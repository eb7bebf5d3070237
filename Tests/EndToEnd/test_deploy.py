"""Deploying: what is refused, with which words, and what stays as it was."""

from concurrent.futures import ThreadPoolExecutor

import pytest

GOOD = "def main(args, context):\n    return 'Hello ' + args['name']\n"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("def main(args, context):\n    return 1 +\n", ["SyntaxError", "line 2"]),
        ("x = 1\n", ["main(args, context)"]),
        ("import nothing_like_this\ndef main(args, context): pass\n", ["ModuleNotFoundError", "nothing_like_this"]),
        ("raise ValueError('at import')\n", ["ValueError: at import"]),
    ],
)
def test_code_that_cannot_be_called_is_refused(server, code, words):
    answer = server.create("refused", code)
    assert answer.status == 400
    text = answer.json["message"] + (answer.json["server_traceback"] or "")
    assert all(word in text for word in words), text
    assert server.request("GET", "/v1/functions/refused").status == 404


def test_the_caret_shows_where_the_syntax_is_wrong(server):
    trace = server.create("caret", "def main(args, context):\n    return 1 +\n").json["server_traceback"]
    assert "return 1 +" in trace and "^" in trace and "caret.py" in trace


def test_a_failed_update_leaves_the_old_version_running(server):
    server.deploy("stays", GOOD)
    answer = server.request("PATCH", "/v1/functions/stays", {"code": "def main(:\n"})
    assert answer.status == 400
    assert server.call("stays", {"name": "you"}).json == "Hello you"


def test_calls_during_redeploys_get_one_version_or_the_other(server):
    code = "V = {n}\ndef main(args, context):\n    return V\n"
    server.deploy("versions", code.format(n=0))
    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(server.call, "versions") for _ in range(200)]
        for n in range(1, 6):
            server.deploy("versions", code.format(n=n))
        answers = [call.result() for call in calls]
    assert all(answer.status == 200 and answer.json in range(6) for answer in answers)
    assert server.call("versions").json == 5


def test_tracebacks_show_the_users_frames_only(server):
    server.deploy("trace", "def inner():\n    return 1 / 0\ndef main(args, context):\n    return inner()\n")
    trace = server.call("trace").json["server_traceback"]
    assert trace.count("File ") == 2 and "swiftlet_runtime" not in trace and "return 1 / 0" in trace


def test_what_is_printed_never_mixes_with_the_result(server):
    server.deploy("prints", "def main(args, context):\n    print('to the log')\n    return {'a': [1, 2.5, None, True, 'ü']}\n")
    assert server.call("prints").json == {"a": [1, 2.5, None, True, "ü"]}


def test_libraries_work(server):
    code = """
import asyncio, base64, dataclasses, datetime, decimal, hashlib, io, json, re, typing, uuid, zlib
from PIL import Image

@dataclasses.dataclass
class Point:
    x: int

async def work(n):
    await asyncio.sleep(0.001)
    return n * 2

async def main(args, context):
    doubled = await asyncio.gather(*[work(n) for n in range(5)])
    picture = io.BytesIO()
    Image.new("RGB", (32, 16), "red").save(picture, "JPEG")
    return {
        "async": doubled, "size": Image.open(picture).size, "sha": hashlib.sha256(b"x").hexdigest()[:8],
        "re": re.findall(r"\\d+", "a1b22"), "dec": str(decimal.Decimal("1") / 3), "zlib": zlib.decompress(zlib.compress(b"abc")).decode(),
        "point": dataclasses.asdict(Point(3)), "date": datetime.date(2020, 2, 29).isoformat(), "b64": base64.b64encode(b"hi").decode(),
    }
"""
    server.deploy("libraries", code)
    assert server.call("libraries").json == {
        "async": [0, 2, 4, 6, 8], "size": [32, 16], "sha": "2d711642", "re": ["1", "22"],
        "dec": "0.3333333333333333333333333333", "zlib": "abc", "point": {"x": 3}, "date": "2020-02-29", "b64": "aGk=",
    }
