import Model
import Sandbox
import SandboxTesting
import Testing

/// Every limit ends what exceeds it, and says which it was.
@Suite struct LimitTests {
    /// What a loaded machine may add to a limit: these tests ask how a run ends, not how fast.
    private static let slackMicroseconds: Int64 = 20_000_000

    private static func limits(_ change: (inout FunctionLimits) -> Void) -> FunctionLimits {
        var limits = FunctionLimits.standard
        change(&limits)
        return limits
    }

    @Test(arguments: [
        "while True: pass",
        "import re; re.match(r'(a+)+$', 'a' * 64 + 'b')",
        "len(str(10 ** 10 ** 8))",
        "sorted(range(50_000_000, 0, -1))",
        "import time; time.sleep(100)",
        "import asyncio; asyncio.run(asyncio.sleep(100))",
        "sum(n * n for n in range(10 ** 12))",
        "'x' * 10 ** 7 in ('x' * 10 ** 7 + 'y') * 1000",
        "[0] * 10 ** 6 == [0] * 10 ** 6 and all(b'a' * 10 ** 6 for _ in range(10 ** 9))",
        "import decimal; decimal.getcontext().prec = 10 ** 6; decimal.Decimal(2).sqrt() ** 7",
        "import hashlib; [hashlib.sha256(b'x' * 10 ** 7) for _ in range(10 ** 6)]",
        "import json; json.loads('[' + '1,' * 10 ** 7 + '1]'); [json.dumps(list(range(10 ** 6))) for _ in range(10 ** 6)]",
        """
        while True:
            try:
                while True: pass
            except BaseException: pass
        """,
        """
        import time
        while True:
            try: time.sleep(100)
            except BaseException: pass
        """,
        """
        class Stubborn:
            def __del__(self):
                while True: pass
        while True: Stubborn()
        """,
        """
        import signal
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        while True: pass
        """,
        """
        import sys
        sys.settrace(lambda *a: (_ for _ in ()).throw(KeyError()))
        while True:
            try: pass
            except BaseException: pass
        """,
    ])
    func `work without end is ended at the limit of wall time`(work: String) async throws {
        let body = work.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }.joined(
            separator: "\n")
        let function = try await PythonFunction("def main(args, context):\n\(body)\n    return 'done'")
        let limits = Self.limits {
            $0.wallTimeMilliseconds = 200
            $0.memoryBytes = 1 << 30
        }
        let outcome = try await function(limits: limits)
        #expect(outcome.ending == .interrupted(.wallTime(milliseconds: 200)), "\(Ending(outcome))")
        #expect(outcome.usage.wallMicroseconds >= 200_000)
        #expect(outcome.usage.wallMicroseconds < 250_000 + Self.slackMicroseconds)
        #expect(try await PythonFunction("def main(a, c): return 1")().text == "1", "others go on")
    }

    @Test func `processor time has a limit of its own, that sleeping does not use`() async throws {
        let function = try await PythonFunction(
            """
            import time
            def main(args, context):
                time.sleep(0.3)
                while args.get("busy"): pass
                return "slept"
            """)
        let limits = Self.limits { $0.cpuTimeMilliseconds = 150 }
        #expect(try await function(limits: limits).text == "\"slept\"")
        let busy = try await function("{\"busy\": true}", limits: limits)
        #expect(busy.ending == .interrupted(.cpuTime(milliseconds: 150)), "\(Ending(busy))")
    }

    @Test func `who is interrupted is told so where they stand, with a traceback`() async throws {
        let function = try await PythonFunction(
            "def spin():\n    while True: pass\n\ndef main(args, context):\n    spin()")
        let told = try await function(limits: Self.limits { $0.cpuTimeMilliseconds = 100 })
        #expect(told.ending == .interrupted(.cpuTime(milliseconds: 100)))
        #expect(told.raised == "TimeoutError")
        #expect(told.message == "the call reached its time limit")
        #expect(told.traceback?.contains("line 2, in spin\n    while True: pass") == true, "\(Ending(told))")
    }

    @Test func `who sleeps too long is told so, and of nothing else`() async throws {
        let function = try await PythonFunction(
            "import time\ndef main(args, context):\n    time.sleep(100)\n    return 'slept'")
        for milliseconds in Array(repeating: 20, count: 20) + [1000] {
            let told = try await function(limits: Self.limits { $0.wallTimeMilliseconds = milliseconds })
            #expect(told.ending == .interrupted(.wallTime(milliseconds: milliseconds)))
            #expect(told.raised == "TimeoutError")
            #expect(told.traceback?.contains("another exception") == false, "\(Ending(told))")
            guard milliseconds == 1000 else { continue }
            #expect(told.traceback?.contains("line 3, in main\n    time.sleep(100)") == true, "\(Ending(told))")
        }
    }

    @Test func `who is interrupted before the code begins is told so too`() async throws {
        let function = try await PythonFunction("def main(args, context):\n    while True: pass")
        for _ in 0..<20 {
            let told = try await function(limits: Self.limits { $0.wallTimeMilliseconds = 0 })
            #expect(told.ending == .interrupted(.wallTime(milliseconds: 0)))
            #expect(told.raised == "TimeoutError", "\(told)")
        }
    }

    @Test func `a call may clean up and answer when its time is over`() async throws {
        let function = try await PythonFunction(
            """
            def main(args, context):
                try:
                    while True: pass
                except TimeoutError:
                    return "partial"
            """)
        let outcome = try await function(limits: Self.limits { $0.cpuTimeMilliseconds = 100 })
        #expect(outcome.ending == .returned && outcome.text == "\"partial\"", "\(Ending(outcome))")
    }

    @Test func `a cancelled call ends`() async throws {
        let function = try await PythonFunction(
            "import time\ndef main(args, context):\n    while True:\n        try: time.sleep(100)\n        except BaseException: pass"
        )
        let interruption = Interruption()
        async let outcome = function(interruption: interruption)
        interruption.request(.cancelled)
        #expect(try await outcome.ending == .interrupted(.cancelled))
    }

    @Test func `a call that is cancelled while it sleeps does nothing more`() async throws {
        let function = try await PythonFunction(
            "import time\ndef main(args, context):\n    print('sleeping')\n    time.sleep(100)\n    return 'slept'")
        for _ in 0..<20 {
            let interruption = Interruption()
            async let outcome = function(interruption: interruption)
            interruption.request(.cancelled)
            #expect(try await outcome.ending == .interrupted(.cancelled))
        }
    }

    @Test(arguments: [
        "x = [0] * 10 ** 9",
        "x = bytearray(10 ** 9)",
        "x = []\nwhile True: x.append(' ' * 10 ** 6)",
        "x = {}\nfor n in range(10 ** 9): x[n] = str(n)",
        "x = 'a'\nwhile True: x += x",
        "from PIL import Image\nx = Image.new('RGB', (30_000, 30_000))",
        "x = 1\nwhile True: x <<= x.bit_length() * 8",
        "import zlib\nx = [zlib.compressobj() for _ in range(10 ** 7)]",
    ])
    func `a memory bomb is a MemoryError or a clear end`(bomb: String) async throws {
        let body = bomb.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        let function = try await PythonFunction("def main(args, context):\n\(body)\n    return 1")
        let outcome = try await function(limits: Self.limits { $0.memoryBytes = 64 << 20 })
        #expect(outcome.raised == "MemoryError" || outcome.ending == .memoryLimit, "\(Ending(outcome))")
        #expect(outcome.usage.peakMemoryBytes <= 64 << 20)
    }

    @Test func `a call that survives a MemoryError goes on`() async throws {
        let function = try await PythonFunction(
            "def main(args, context):\n    try: bytearray(10 ** 9)\n    except MemoryError: return 'survived'")
        #expect(try await function(limits: Self.limits { $0.memoryBytes = 64 << 20 }).text == "\"survived\"")
    }

    @Test func `output beyond its limit is cut, the part kept is delivered`() async throws {
        let function = try await PythonFunction("def main(args, context): return 'x' * args['n']")
        let limits = Self.limits { $0.outputBytes = 1024 }
        let cut = try await function("{\"n\": 5000}", limits: limits)
        #expect(cut.outputWasCut)
        #expect(cut.text == "\"" + String(repeating: "x", count: 1023))
        let whole = try await function("{\"n\": 1022}", limits: limits)
        #expect(!whole.outputWasCut)
        #expect(whole.output?.count == 1024)
    }

    @Test func `the log is cut at its limit, with a notice, and the call goes on`() async throws {
        let function = try await PythonFunction(
            "import sys\ndef main(args, context):\n    for n in range(1000): print('line', n)\n    print('more', file=sys.stderr)\n    return 'done'"
        )
        let outcome = try await function(limits: Self.limits { $0.logBytes = 100 })
        #expect(outcome.text == "\"done\"")
        #expect(
            outcome.printed.last == "(the limit of 100 bytes of output to the log was reached: the rest is dropped)")
        #expect(outcome.printed.dropLast().joined(separator: "\n").utf8.count <= 100)
        #expect(outcome.printed.first == "line 0")
    }

    @Test func `a log of empty lines is cut by their number`() async throws {
        let function = try await PythonFunction(
            "import sys\ndef main(args, context): sys.stdout.write('\\n' * 10 ** 6)")
        let outcome = try await function(limits: Self.limits { $0.logBytes = 16 << 20 })
        #expect(outcome.logs.count <= 50_001)
        #expect(
            outcome.printed.last == "(the limit of 50000 lines of output to the log was reached: the rest is dropped)")
    }

    @Test func `host calls have a limit`() async throws {
        let function = try await PythonFunction(
            "import _swiftlet\ndef main(args, context):\n    for _ in range(100): _swiftlet.call(1, b'\\x00')\n    return 'done'"
        )
        #expect(try await function().text == "\"done\"")
        let outcome = try await function(limits: Self.limits { $0.hostCalls = 50 })
        #expect(outcome.ending == .trapped("the limit of 50 host calls was reached"))
    }

    @Test func `a request to the host has the limit of input`() async throws {
        let function = try await PythonFunction(
            "import _swiftlet\ndef main(args, context): _swiftlet.call(99, bytes(3000))")
        let outcome = try await function(limits: Self.limits { $0.inputBytes = 2000 })
        #expect(outcome.ending == .trapped("a request of 3000 bytes exceeds the limit of 2000"))
    }

    @Test func `large input and output pass`() async throws {
        let function = try await PythonFunction("def main(args, context): return args['text']")
        let text = String(repeating: "äöü✓", count: 200_000)
        #expect(try await function("{\"text\": \"\(text)\"}").text == "\"\(text)\"")
    }

    @Test func `an import has the limits of a call`() async throws {
        let looping = try await PythonFunction.prepare(
            "while True: pass", limits: Self.limits { $0.wallTimeMilliseconds = 200 })
        #expect(looping.outcome.ending == .interrupted(.wallTime(milliseconds: 200)))
        #expect(!looping.hasImage)
        let hungry = try await PythonFunction.prepare(
            "x = bytearray(10 ** 9)", limits: Self.limits { $0.memoryBytes = 64 << 20 })
        #expect(hungry.outcome.raised == "MemoryError")
        #expect(!hungry.hasImage)
    }
}
