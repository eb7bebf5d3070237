import Model
import Sandbox
import SandboxTesting
import Testing

/// What a user is told of what their code did.
@Suite struct CaptureTests {
    @Test(arguments: [
        ("None", "null"), ("1.5", "1.5"), ("'ü✓'", "\"ü✓\""), ("[1, {'a': True}]", "[1, {\"a\": true}]"),
        ("args", "{\"n\": 1}"),
        ("context", "{\"key\": \"value\"}"), ("(1, 2)", "[1, 2]"), ("'\\ud800'", "\"\\ud800\""),
        ("['ü', '\\udfff']", "[\"\\u00fc\", \"\\udfff\"]"),
    ])
    func `the value returned is the output`(expression: String, json: String) async throws {
        let outcome = try await PythonFunction("def main(args, context): return \(expression)")(
            "{\"n\": 1}", context: "{\"key\": \"value\"}")
        #expect(outcome.ending == .returned && outcome.errorReport == nil, "\(Ending(outcome))")
        #expect(outcome.text == json)
    }

    @Test(arguments: ["object()", "{1, 2}", "float('nan')", "b'bytes'", "{(1, 2): 3}", "main"])
    func `a value that JSON cannot hold is a TypeError in words`(expression: String) async throws {
        let outcome = try await PythonFunction("def main(args, context): return \(expression)")()
        #expect(outcome.raised == "TypeError")
        #expect(outcome.message?.hasPrefix("the returned value cannot be sent as JSON: ") == true, "\(Ending(outcome))")
        #expect(outcome.output == nil)
    }

    @Test func `a value that contains itself is an error, not a crash`() async throws {
        let outcome = try await PythonFunction("def main(args, context):\n    x = []\n    x.append(x)\n    return x")()
        #expect(outcome.ending == .returned)
        #expect(outcome.raised != nil)
    }

    @Test func `printed lines come with their stream and time`() async throws {
        let outcome = try await PythonFunction(
            """
            import os, sys, time
            print("at import")
            def main(args, context):
                print("one"); print("two", file=sys.stderr); print("no end", end="")
                time.sleep(0.01)
                print(" of line"); print("ü✓\\x00", "\\udc80")
                os.write(1, b"\\xff raw\\n")
                print("last", end="")
            """)()
        #expect(outcome.printed == ["one", "two", "no end of line", "ü✓\0 \\udc80", "\u{FFFD} raw", "last"])
        #expect(outcome.logs.map(\.stream) == [.stdout, .stderr, .stdout, .stdout, .stdout, .stdout])
        #expect(outcome.logs.map(\.time) == outcome.logs.map(\.time).sorted())
        #expect(outcome.logs[0].time.microseconds > 1_500_000_000_000_000)
    }

    @Test func `environment variables of a call are there`() async throws {
        let function = try await PythonFunction("import os\ndef main(args, context): return os.environ.get('WHO')")
        #expect(try await function(environment: "{\"WHO\": \"you\"}").text == "\"you\"")
        #expect(try await function().text == "null")
    }

    @Test func `an exception has its type, message, line and the user's frames only`() async throws {
        let outcome = try await PythonFunction(
            """
            def inner(x):
                return 1 / x

            def main(args, context):
                return inner(0)
            """)()
        #expect(outcome.ending == .returned)
        #expect(outcome.raised == "ZeroDivisionError")
        #expect(outcome.message == "division by zero")
        #expect(Ending(outcome).error?["line"] as? Int == 2)
        #expect(
            outcome.traceback == """
                Traceback (most recent call last):
                  File "/function/trial.py", line 5, in main
                    return inner(0)
                  File "/function/trial.py", line 2, in inner
                    return 1 / x
                           ~~^~~
                ZeroDivisionError: division by zero

                """)
    }

    @Test func `chained and grouped exceptions are all told`() async throws {
        let outcome = try await PythonFunction(
            """
            def main(args, context):
                try:
                    {}["missing"]
                except KeyError as error:
                    try:
                        raise ValueError("second") from error
                    except ValueError:
                        raise ExceptionGroup("several", [TypeError("a"), OSError("b")])
            """)()
        let traceback = try #require(outcome.traceback)
        for part in [
            "KeyError: 'missing'", "The above exception was the direct cause of the following exception",
            "ValueError: second", "During handling of the above exception, another exception occurred",
            "ExceptionGroup: several (2 sub-exceptions)", "TypeError: a", "OSError: b",
        ] { #expect(traceback.contains(part), "\(part) in \(traceback)") }
        #expect(!traceback.contains("swiftlet_runtime"))
    }

    @Test func `exceptions from the library show its frames, not ours`() async throws {
        let outcome = try await PythonFunction("import json\ndef main(args, context): json.loads('{')")()
        #expect(outcome.raised == "JSONDecodeError")
        #expect(outcome.traceback?.contains("json/decoder.py") == true)
        #expect(outcome.traceback?.contains("swiftlet_runtime") == false)
    }

    @Test func `exceptions that fight back are told all the same`() async throws {
        let sources = [
            "class Bad(Exception):\n  def __str__(self): raise RuntimeError('no')\ndef main(a, c): raise Bad()",
            "class Bad(Exception):\n  def __repr__(self): raise SystemExit(3)\n  __str__ = __repr__\ndef main(a, c): raise Bad()",
            "def main(a, c): raise SyntaxError()",
            "def main(a, c): raise SyntaxError(object())",
            "def main(a, c):\n  e = SyntaxError('mine')\n  e.text, e.lineno, e.offset, e.filename = 5, [], {}, 7\n  raise e",
            "def main(a, c): raise ValueError('x' * 5_000_000)",
            "def main(a, c): raise ValueError('\\U0001F600' * 100_000)",
            "def main(a, c): raise ValueError('\\ud800')",
            "def main(a, c):\n  e = ValueError('loop'); e.__cause__ = e; raise e",
            "import sys\ndef main(a, c):\n  sys.stdout = sys.stderr = None\n  raise ValueError('quiet')",
            "import sys\ndef main(a, c):\n  del sys.stdout\n  raise ValueError('quiet')",
            "import sys\ndef main(a, c):\n  sys.stderr.close()\n  sys.exit('words')",
            "class Odd:\n  def __str__(self): raise ValueError()\nimport sys\ndef main(a, c): sys.exit(Odd())",
            "def main(a, c): raise BaseException('base')",
            "def main(a, c): raise KeyboardInterrupt",
            "def main(a, c): raise GeneratorExit",
            "def main(a, c): exec('def f():\\n  f()\\nf()')",
        ]
        for source in sources {
            let outcome = try await PythonFunction(source)()
            #expect(outcome.ending == .returned, "\(source): \(Ending(outcome))")
            #expect(outcome.raised != nil, "\(source): the report is JSON")
        }
    }

    @Test func `streams that a call closed or took away do not spoil its answer`() async throws {
        for action in ["sys.stdout.close()", "del sys.stdout", "sys.stdout = 5", "sys.stderr = sys.stdout = None"] {
            let outcome = try await PythonFunction("import sys\ndef main(a, c):\n  \(action)\n  return 'fine'")()
            #expect(outcome.text == "\"fine\"", "\(action): \(Ending(outcome))")
            #expect(outcome.ending == .returned)
        }
    }

    @Test(arguments: [("", 0), ("0", 0), ("3", 3), ("256 + 7", 7), ("True", 1), ("'words'", 1), ("None", 0)])
    func `sys exit has its code`(argument: String, code: Int) async throws {
        let outcome = try await PythonFunction("import sys\ndef main(args, context): sys.exit(\(argument))")()
        #expect(outcome.ending == .returned)
        #expect(outcome.raised == "SystemExit")
        #expect(Ending(outcome).error?["exit_code"] as? Int == code)
        #expect(outcome.printed == (argument == "'words'" ? ["words"] : []))
    }

    @Test func `os _exit ends the run with its code`() async throws {
        let outcome = try await PythonFunction(
            "import os\ndef main(args, context):\n    print('before', flush=True)\n    os._exit(9)")()
        #expect(outcome.ending == .exited(code: 9))
        #expect(outcome.printed == ["before"])
    }

    @Test func `os abort is a sentence`() async throws {
        let outcome = try await PythonFunction("import os\ndef main(args, context): os.abort()")()
        guard case .trapped(let sentence) = outcome.ending else {
            Issue.record("\(Ending(outcome))")
            return
        }
        #expect(!sentence.isEmpty)
    }

    @Test(arguments: [
        "def f(): return f()\n    f()",
        "import json\n    json.loads('[' * 100_000)",
        "import json\n    json.loads('{\"a\":' * 100_000)",
        "x = []\n    for _ in range(100_000): x = [x]\n    repr(x)",
        "x = []\n    for _ in range(100_000): x = [x]\n    import json; json.dumps(x)",
        "x = []\n    for _ in range(100_000): x = [x]\n    x == [x]",
        "x = ()\n    for _ in range(100_000): x = (x,)\n    hash(x)",
        "x = []\n    for _ in range(100_000): x = [x]\n    import pickle; pickle.dumps(x)",
        "x = []\n    for _ in range(100_000): x = [x]\n    import marshal; marshal.dumps(x)",
        "x = []\n    for _ in range(100_000): x = [x]\n    import copy; copy.deepcopy(x)",
        "class A:\n        def __getattr__(self, n): return getattr(self, n)\n    A().x",
        "class A:\n        __repr__ = lambda self: repr(self)\n    repr(A())",
        "class A:\n        def __eq__(self, o): return o == self\n    A() == A()",
        "eval('-' * 200_000 + '1')",
        "eval('(' * 200_000 + ')' * 200_000)",
        "eval('+'.join(['1'] * 200_000))",
        "eval('lambda: ' * 100_000 + '1')",
        "compile('a.' * 100_000 + 'b', 'x', 'eval')",
        "import re; re.compile('(' * 100_000 + ')' * 100_000)",
        "import ast; ast.literal_eval('[' * 100_000)",
        "import xml.etree.ElementTree as e; e.fromstring('<a>' * 100_000 + '</a>' * 100_000); repr(e)",
        "from functools import partial, reduce\n    reduce(lambda f, _: partial(f), range(100_000), int)()",
        "f = int\n    for _ in range(100_000): f = (lambda g: lambda: g())(f)\n    f()",
        "x = iter([])\n    for _ in range(100_000): x = map(int, x)\n    list(x)",
        "import itertools\n    x = iter([1])\n    for _ in range(100_000): x = itertools.chain(x)\n    list(x)",
        "import sys; sys.setrecursionlimit(10 ** 8)\n    def f(): return f()\n    f()",
        "import sys; sys.setrecursionlimit(10 ** 8)\n    class A:\n        def __getattr__(self, n): return getattr(self, n)\n    A().x",
        "x = None\n    for _ in range(1_000_000): x = [x]\n    del x",
        "class N: pass\n    x = None\n    for _ in range(300_000):\n        n = N(); n.next = x; x = n\n    del x",
        "x = Exception()\n    for _ in range(100_000):\n        y = Exception(); y.__cause__ = x; x = y\n    raise x",
        "def g(n):\n        yield from g(n + 1)\n    list(g(0))",
        "import asyncio\n    async def f(): await f()\n    asyncio.run(f())",
        "import sys; sys.setrecursionlimit(10 ** 8)\n    import json; json.loads('[' * 10 ** 6)",
        "import sys; sys.setrecursionlimit(10 ** 8)\n    x = []\n    for _ in range(10 ** 6): x = [x]\n    repr(x)",
    ])
    func `recursion without end is an error of Python or a sentence, never the end of the process`(body: String)
        async throws
    {
        let function = try await PythonFunction("def main(args, context):\n    \(body)\n    return 'fine'")
        var limits = FunctionLimits.standard
        limits.cpuTimeMilliseconds = 20_000
        limits.wallTimeMilliseconds = 600_000
        let outcome = try await function(limits: limits)
        switch outcome.ending {
        case .returned: #expect(outcome.text == "\"fine\"" || outcome.raised != nil, "\(Ending(outcome))")
        case .trapped(let sentence): #expect(!sentence.contains("\n"), "\(sentence)")
        case .memoryLimit: break
        case .interrupted, .exited: Issue.record("\(Ending(outcome))")
        }
    }

    @Test(
        arguments: [
            ("def main(args, context)\n    pass", 1, 24, "def main(args, context)"),
            ("x = (1,\n\ndef main(): pass", 1, 5, "x = (1,"),
            ("ok = 1\n  bad = 2", 2, 2, "  bad = 2"), ("print 'old'", 1, 1, "print 'old'"), ("a = '\0'", 1, nil, nil),
        ] as [(String, Int, Int?, String?)])
    func `a syntax error has its line, column and text`(source: String, line: Int, column: Int?, text: String?)
        async throws
    {
        let result = try await PythonFunction.prepare(source)
        #expect(!result.hasImage)
        let error = try #require(Ending(result.outcome).error, "\(Ending(result.outcome))")
        guard let column, let text else { return }
        #expect(error["file"] as? String == "trial.py")
        #expect(error["line"] as? Int == line, "\(error)")
        #expect(error["column"] as? Int == column, "\(error)")
        #expect(error["text"] as? String == text, "\(error)")
    }

    @Test func `a missing entry is named`() async throws {
        let result = try await PythonFunction.prepare("def handler(event): pass")
        #expect(!result.hasImage)
        #expect(result.outcome.message == "no `def main(args, context)` was found in trial.py")
        #expect(Ending(result.outcome).error?["missing_entry"] as? Bool == true)
        #expect(try await PythonFunction.prepare("def other(a, c): pass", entry: "other").hasImage)
        #expect(try await !PythonFunction.prepare("main = 5").hasImage)
    }

    @Test func `an import error has its traceback`() async throws {
        let result = try await PythonFunction.prepare("import json\nimport numpy_of_all_things\n")
        #expect(!result.hasImage)
        #expect(result.outcome.raised == "ModuleNotFoundError")
        #expect(result.outcome.message == "No module named 'numpy_of_all_things'")
        #expect(result.outcome.traceback?.contains("line 2, in <module>\n    import numpy_of_all_things") == true)
    }

    @Test func `a module that raises, exits or ends itself has no image`() async throws {
        for source in [
            "raise ValueError('at import')", "import sys; sys.exit(0)", "import os; os._exit(0)",
            "import os; os.abort()",
        ] {
            let result = try await PythonFunction.prepare(source + "\ndef main(a, c): pass")
            #expect(!result.hasImage, "\(source)")
        }
    }

    @Test func `a file that stays open prevents an image, and is named`() async throws {
        let result = try await PythonFunction.prepare("f = open('/tmp/left', 'w')\ndef main(a, c): pass")
        #expect(!result.hasImage)
        #expect(result.outcome.openPaths == ["tmp/left"])
    }

    @Test func `a byte order mark and Windows line ends do no harm`() async throws {
        #expect(try await PythonFunction("\u{FEFF}def main(a, c):\r\n    return 'fine'\r\n")().text == "\"fine\"")
    }

    @Test func `what is printed at import is kept`() async throws {
        let result = try await PythonFunction.prepare("print('hello')\ndef main(a, c): pass")
        #expect(result.hasImage)
        #expect(result.outcome.printed == ["hello"])
    }
}
