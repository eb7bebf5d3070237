import Foundation
import Model
import Sandbox
import SandboxTesting
import Testing

/// What works of Python's library inside, and what refuses with a sentence.
@Suite struct LibraryTests {
    @Test(arguments: [
        ("json", "import json", "json.dumps(json.loads('{\"a\": [1, 2.5, null]}'))", #""{\"a\": [1, 2.5, null]}""#),
        ("re", "import re", #"re.sub(r"(\w+)@(\w+)", r"\2 at \1", "me@home")"#, "\"home at me\""),
        (
            "datetime", "from datetime import datetime, timedelta, timezone",
            "(datetime(2024, 2, 29, tzinfo=timezone.utc) + timedelta(days=366)).isoformat()",
            "\"2025-03-01T00:00:00+00:00\""
        ),
        ("today", "import datetime, time", "datetime.date.today().year >= 2024 and time.time() > 1.7e9", "true"),
        ("decimal", "from decimal import Decimal", "str(Decimal('0.1') + Decimal('0.2'))", "\"0.3\""),
        (
            "hashlib", "import hashlib",
            "[hashlib.sha256(b'abc').hexdigest()[:8], hashlib.md5(b'abc').hexdigest()[:8], hashlib.sha3_256(b'').hexdigest()[:8], hashlib.blake2b(b'').hexdigest()[:8]]",
            #"["ba7816bf", "90015098", "a7ffc6f8", "786a02f7"]"#
        ),
        ("hmac", "import hmac", "hmac.new(b'k', b'm', 'sha256').hexdigest()[:8]", "\"b60090e3\""),
        ("base64", "import base64", "base64.b64encode(b'hello').decode()", "\"aGVsbG8=\""),
        (
            "zlib", "import zlib, gzip",
            "gzip.decompress(gzip.compress(zlib.decompress(zlib.compress(b'abc' * 99)))) == b'abc' * 99", "true"
        ),
        (
            "bz2 and lzma", "import bz2, lzma",
            "[each.decompress(each.compress(b'abc' * 999)) == b'abc' * 999 for each in (bz2, lzma)]", "[true, true]"
        ),
        (
            "sqlite3 in memory", "import sqlite3",
            "sqlite3.connect(':memory:').execute(\"select sum(value), round(pi(), 2) from json_each('[1, 2]')\").fetchone()",
            "[3, 3.14]"
        ),
        (
            "random", "import random",
            "0 <= random.random() < 1 and len({random.randrange(10**9) for _ in range(50)}) == 50", "true"
        ),
        (
            "uuid", "import uuid",
            "len(str(uuid.uuid4())) == 36 and str(uuid.uuid5(uuid.NAMESPACE_DNS, 'a'))[14] == '5' and bool(uuid.uuid1())",
            "true"
        ),
        (
            "dataclasses",
            "from dataclasses import dataclass, asdict\n@dataclass\nclass P:\n    x: int\n    y: int = 2",
            "asdict(P(1))", "{\"x\": 1, \"y\": 2}"
        ),
        (
            "typing",
            "from typing import Generic, TypeVar, NamedTuple, Optional\nT = TypeVar('T')\nclass B(Generic[T]): pass\nclass N(NamedTuple):\n    a: int",
            "[N(1).a, str(Optional[int])]", #"[1, "typing.Optional[int]"]"#
        ),
        (
            "files", "import os, pathlib, tempfile, shutil",
            "(lambda d: (pathlib.Path(d, 'a').write_text('x' * 10), pathlib.Path(d, 'a').read_text(), shutil.rmtree(d), os.path.exists(d))[1:4:2])(tempfile.mkdtemp())",
            "[\"xxxxxxxxxx\", false]"
        ),
        (
            "csv and io", "import csv, io", "list(csv.DictReader(io.StringIO('a,b\\n1,2\\n')))",
            #"[{"a": "1", "b": "2"}]"#
        ),
        (
            "collections", "import collections, itertools, functools, heapq, bisect, statistics",
            "[collections.Counter('aab').most_common(1), statistics.median([1, 2, 9]), functools.reduce(lambda a, b: a * b, range(1, 6))]",
            #"[[["a", 2]], 2, 120]"#
        ),
        ("xml", "import xml.etree.ElementTree as E", "E.fromstring('<a><b c=\"1\"/></a>')[0].attrib", "{\"c\": \"1\"}"),
        (
            "zipfile", "import io, zipfile",
            "(lambda b: (zipfile.ZipFile(b, 'w').writestr('a', 'x'), 1)[1])(io.BytesIO())", "1"
        ),
        ("urllib.parse", "import urllib.parse", "urllib.parse.urlencode({'a': 'b c'})", "\"a=b+c\""),
        ("unicodedata", "import unicodedata", "unicodedata.name('ü')", "\"LATIN SMALL LETTER U WITH DIAERESIS\""),
        ("logging", "import logging", "logging.getLogger('a').warning('seen') or 1", "1"),
        (
            "string formatting", "import string, textwrap",
            "textwrap.shorten('a b c d', 5) + string.Template('$x').substitute(x=1) + f'{3.14159:.2f}'",
            "\"[...]13.14\""
        ),
        (
            "struct and array", "import struct, array",
            "[struct.unpack('<I', struct.pack('<I', 7))[0], array.array('i', [1, 2]).tolist()]", "[7, [1, 2]]"
        ),
        ("enum, abc, contextlib", "import enum, abc, contextlib\nclass C(enum.Enum):\n    A = 1", "C(1).name", "\"A\""),
        (
            "math", "import math, cmath, fractions", "[math.isqrt(99), str(fractions.Fraction(1, 3) + 1)]",
            #"[9, "4/3"]"#
        ),
        (
            "inspect and ast", "import ast, inspect", "[ast.literal_eval('[1]'), 'return' in inspect.getsource(main)]",
            "[[1], true]"
        ),
    ])
    func `a module of the library works`(name: String, imports: String, expression: String, json: String) async throws {
        let outcome = try await PythonFunction("\(imports)\ndef main(args, context):\n    return \(expression)")()
        #expect(outcome.text == json, "\(name): \(Ending(outcome))")
    }

    @Test func `asyncio runs tasks, timers, timeouts and queues`() async throws {
        let outcome = try await PythonFunction(
            """
            import asyncio, time

            async def worth(value, delay):
                await asyncio.sleep(delay)
                return value

            async def produce(queue):
                for n in range(3): await queue.put(n)
                await queue.put(None)

            async def run():
                started = time.monotonic()
                gathered = await asyncio.gather(worth(1, 0.05), worth(2, 0.05), worth(3, 0.01))
                together = time.monotonic() - started < 10
                try:
                    await asyncio.wait_for(worth(4, 60), timeout=0.01); timed_out = False
                except asyncio.TimeoutError: timed_out = True
                queue, seen = asyncio.Queue(), []
                task = asyncio.create_task(produce(queue))
                while (n := await queue.get()) is not None: seen.append(n)
                await task
                async with asyncio.TaskGroup() as group: tasks = [group.create_task(worth(n, 0)) for n in range(3)]
                cancelled = asyncio.create_task(worth(5, 60)); await asyncio.sleep(0); cancelled.cancel()
                results = await asyncio.gather(cancelled, return_exceptions=True)
                lock = asyncio.Lock()
                async with lock, asyncio.timeout(5): pass
                return [gathered, together, timed_out, seen, [t.result() for t in tasks], type(results[0]).__name__]

            def main(args, context): return asyncio.run(run())
            """)()
        #expect(
            outcome.text == "[[1, 2, 3], true, true, [0, 1, 2], [0, 1, 2], \"CancelledError\"]", "\(Ending(outcome))")
    }

    @Test func `an async main is run`() async throws {
        let outcome = try await PythonFunction(
            "import asyncio\nasync def main(args, context):\n    await asyncio.sleep(0.001)\n    return args")(
                "{\"a\": 1}")
        #expect(outcome.text == "{\"a\": 1}")
    }

    @Test func `an async program that waits for nothing is told so`() async throws {
        let outcome = try await PythonFunction(
            "import asyncio\nasync def main(args, context): await asyncio.get_running_loop().create_future()")()
        #expect(outcome.message?.contains("waits for something that can never happen") == true, "\(Ending(outcome))")
    }

    @Test(arguments: [
        ("import socket; socket.socket().listen()", "no network sockets"),
        (
            "import socket; s = socket.create_connection(('127.0.0.1', 80)); s.send(b'hello'); s.recv(1)",
            "no network sockets"
        ),
        ("import socket; socket.socketpair()", "no network sockets"),
        ("import urllib.request; urllib.request.urlopen('http://127.0.0.1/')", "knows no operation 128"),
        (
            "import http.client as h; c = h.HTTPConnection('127.0.0.1'); c.request('GET', '/'); c.getresponse()",
            "knows no operation 128"
        ),
        ("import subprocess; subprocess.run(['ls'])", "processes cannot be started"),
        ("import subprocess; subprocess.Popen('ls', shell=True)", "processes cannot be started"),
        ("import os; os.popen('ls')", "processes cannot be started"),
        ("import ctypes", "use a pure-Python package"),
        ("import multiprocessing", "use asyncio, or call other functions"),
        ("import threading; threading.Thread(target=print).start()", "use asyncio, or call other functions"),
        (
            "from concurrent.futures import ThreadPoolExecutor; ThreadPoolExecutor().submit(print)",
            "use asyncio, or call other functions"
        ),
        ("import threading; threading.Timer(1, print).start()", "use asyncio, or call other functions"),
        ("import asyncio; asyncio.run(asyncio.to_thread(print))", "threads cannot be started"),
        ("import _thread; _thread.start_new_thread(print, ())", "thread"),
    ])
    func `what a sandbox cannot do is refused with a sentence`(statement: String, words: String) async throws {
        let outcome = try await PythonFunction("def main(args, context):\n    \(statement)")()
        #expect(outcome.ending == .returned)
        #expect(outcome.message?.contains(words) == true, "\(Ending(outcome))")
    }

    @Test(arguments: [
        "open('/etc/shadow').read()", "open('/lib/python3.13/os.py', 'w')", "open('/new', 'w')", "os.mkdir('/lib/x')",
        "os.remove('/lib/python3.13/os.py')", "os.rename('/lib/python3.13/os.py', '/tmp/os.py')",
        "os.symlink('/etc', '/tmp/e'); open('/tmp/e/shadow')",
        "os.link('/lib/python3.13/os.py', '/tmp/os.py')", "open('/tmp/../../etc/shadow')", "os.listdir('/proc')",
        "open('/tmp/x\\0y', 'w')", "open('/tmp/' + 'x' * 300, 'w')", "os.chroot('/')", "open('/dev/null', 'w')",
    ])
    func `no path leads out`(statement: String) async throws {
        let outcome = try await PythonFunction("import os\ndef main(args, context):\n    \(statement)")()
        #expect(outcome.ending == .returned)
        #expect(
            ["FileNotFoundError", "OSError", "PermissionError", "AttributeError", "ValueError"].contains(
                outcome.raised ?? "-"), "\(Ending(outcome))")
    }

    @Test func `the files of a call are its own, bounded and ordinary`() async throws {
        let outcome = try await PythonFunction(
            """
            import os, tempfile
            def main(args, context):
                with open("/tmp/a", "wb") as f: f.write(b"0123456789"); f.seek(3); f.write(b"xyz")
                with open("/tmp/a", "ab") as f: f.write(b"!")
                with open("/tmp/a", "r+b") as f: f.truncate(8); content = f.read()
                os.makedirs("/tmp/d/e"); os.rename("/tmp/a", "/tmp/d/e/b")
                walked = [(root, sorted(files)) for root, _, files in os.walk("/tmp")]
                try:
                    with open("/tmp/big", "wb") as f:
                        for _ in range(100): f.write(bytes(1 << 20))
                    full = None
                except OSError as error: full = error.strerror
                os.remove("/tmp/big")
                with tempfile.NamedTemporaryFile() as f: f.write(b"x"); named = os.path.exists(f.name)
                try: os.rename("/tmp/d", "/tmp/d/e/f"); own = None
                except OSError as error: own = error.strerror
                return [content.decode(), walked, full, named, own, os.listdir("/")]
            """)()
        #expect(
            outcome.text == """
                ["012xyz67", [["/tmp", []], ["/tmp/d", []], ["/tmp/d/e", ["b"]]], "No space left on device", true, \
                "Invalid argument", ["etc", "function", "home", "lib", "tmp"]]
                """, "\(Ending(outcome))")
    }

    @Test func `a database in a call's own files keeps what was committed`() async throws {
        let outcome = try await PythonFunction(
            """
            import os, sqlite3
            def main(args, context):
                for round in range(2):
                    with sqlite3.connect("/tmp/a.db") as database:
                        database.execute("create table if not exists t (name text primary key, size int)")
                        database.executemany("insert into t values (?, ?)", ((f"{round}-{n}", n) for n in range(500)))
                    try:
                        with database:
                            database.execute("delete from t")
                            raise KeyError("rolled back")
                    except KeyError: pass
                    database.execute("vacuum")
                    database.close()
                database = sqlite3.connect("/tmp/a.db")
                database.create_function("half", 1, lambda size: size / 2)
                database.execute("create virtual table words using fts5(text)")
                database.execute("insert into words values ('the quick brown fox')")
                found = database.execute("select count(*) from words where words match 'quick'").fetchone()
                row = database.execute("select count(*), sum(size), max(half(size)) from t").fetchone()
                database.close()
                return [row, found, sorted(os.listdir("/tmp"))]
            """)()
        #expect(outcome.text == #"[[1000, 249500, 249.5], [1], ["a.db"]]"#, "\(Ending(outcome))")
    }

    @Test(arguments: try Recipes.all())
    func `a package's every C function can be called`(recipe: Recipes.Recipe) async throws {
        let outcome = try await PythonFunction(recipe.smoke + "\ndef main(args, context): return run()\n")()
        #expect(outcome.ending == .returned && outcome.errorReport == nil, "\(recipe.name): \(Ending(outcome))")
        #expect(outcome.text?.contains("functions") == true)
    }
}

/// The packages with C code that `guest/recipes` builds into the interpreter.
enum Recipes {
    struct Recipe: CustomTestStringConvertible {
        let name: String
        /// A program whose `run()` calls every C function of the package.
        let smoke: String

        var testDescription: String { name }
    }

    static func all() throws -> [Recipe] {
        let folder = #filePath.split(separator: "/").dropLast(4).reduce("") { "\($0)/\($1)" } + "/guest/recipes"
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { name in
            Recipe(name: name, smoke: try String(contentsOfFile: "\(folder)/\(name)/smoke.py", encoding: .utf8))
        }
    }
}
