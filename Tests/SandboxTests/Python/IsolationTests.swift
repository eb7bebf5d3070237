import Model
import SandboxTesting
import Testing

@testable import Sandbox

@Suite struct IsolationTests {
    /// Both ways to restore a memory: copying what the kernel says was written, and mapping the image anew.
    enum Restoring: CaseIterable, Sendable { case copying, mapping }

    private func function(_ source: String, _ restoring: Restoring) async throws -> PythonFunction {
        let interpreter = try await Interpreter.shared()
        return try await PythonFunction(
            source, in: restoring == .copying ? interpreter.sandbox : interpreter.withoutScan)
    }

    @Test(arguments: Restoring.allCases)
    func `a counter of the module is 1 on every call`(restoring: Restoring) async throws {
        let counter = try await function(
            """
            counter = 0
            def main(args, context):
                global counter
                counter += 1
                return counter
            """, restoring)
        #expect(try await counter.repeated(50).map(\.text) == Array(repeating: "1", count: 50))
    }

    @Test(arguments: Restoring.allCases)
    func `nothing that a call changes is there in the next`(restoring: Restoring) async throws {
        let traces = try await function(
            """
            import builtins, json, os, sys, tempfile, decimal, random, time, warnings
            kept, box = [], type("Box", (), {})()
            def main(args, context):
                found = []
                if kept: found.append("list")
                if "left_behind" in sys.modules: found.append("sys.modules")
                if os.environ.get("LEFT"): found.append("environment")
                if os.listdir("/tmp"): found.append("tmp")
                if getattr(builtins, "left", None) or len("abc") != 3: found.append("builtins")
                if hasattr(json, "left") or json.dumps(1) != "1": found.append("json")
                if hasattr(box, "attribute"): found.append("object")
                if decimal.getcontext().prec != 28: found.append("decimal context")
                if sys.getrecursionlimit() != 1000: found.append("recursion limit")
                if os.getcwd() != "/": found.append("folder")
                if warnings.filters and warnings.filters[0][0] == "error": found.append("warnings")
                try:
                    os.fstat(4); found.append("open file")
                except OSError: pass
                kept.append(1)
                sys.modules["left_behind"] = sys
                os.environ["LEFT"] = "1"
                leaked = open("/tmp/left", "w"); leaked.write("x"); kept.append(leaked)
                builtins.left = 1
                builtins.len = lambda thing: 7
                json.left, json.dumps, box.attribute = 1, (lambda *a, **b: "broken"), 1
                decimal.getcontext().prec = 3
                sys.setrecursionlimit(500)
                os.chdir("/tmp")
                warnings.simplefilter("error")
                return found
            """, restoring)
        for outcome in try await traces.repeated(10) { #expect(outcome.text == "[]", "\(Ending(outcome))") }
    }

    @Test func `what one function leaves is not seen by another in the same slot`() async throws {
        let first = try await PythonFunction("import sys\ndef main(a, c):\n  sys.modules['first'] = 1\n  return 1")
        let second = try await PythonFunction(
            "import sys\ndef main(a, c):\n  return 'first' in sys.modules or 'main' not in globals()")
        for _ in 0..<20 {
            #expect(try await first().text == "1")
            #expect(try await second().text == "false")
        }
    }

    @Test func `ten thousand calls give as many different random numbers`() async throws {
        let dice = try await PythonFunction(
            """
            import os, random, secrets, uuid
            random.random()
            def main(args, context):
                return [random.random(), os.urandom(16).hex(), str(uuid.uuid4()), secrets.token_hex(8),
                        random.SystemRandom().random()]
            """)
        let rows = try await dice.repeated(10_000).map { outcome in
            try #require(outcome.text).dropFirst().dropLast().split(separator: ", ").map(String.init)
        }
        for column in 0..<5 { #expect(Set(rows.map { $0[column] }).count == 10_000, "column \(column)") }
    }

    @Test func `generators that an import made are new in every call, but for those it seeded`() async throws {
        let dice = try await PythonFunction(
            """
            import random, tempfile
            own, seeded, drawn = random.Random(), random.Random(42), random.Random()
            seeded.random(); drawn.random(); drawn.randbytes(3); random.gauss(0, 1); drawn.gauss(0, 1)
            bound = random.randint
            def main(args, context):
                return [own.random(), drawn.random(), random.random(), bound(0, 10**12), random.gauss(0, 1), drawn.gauss(0, 1),
                        tempfile.mktemp(), seeded.random()]
            """)
        let rows = try await dice.repeated(200).map { outcome in
            try #require(outcome.text).dropFirst().dropLast().split(separator: ", ").map(String.init)
        }
        for column in 0..<7 { #expect(Set(rows.map { $0[column] }).count == 200, "column \(column)") }
        #expect(Set(rows.map { $0[7] }) == ["0.025010755222666936"], "what CPython gives second for this seed")
    }

    @Test func `calls that fail, trap or are cut off leave nothing either`() async throws {
        let source = """
            import os, sys
            state = []
            def main(args, context):
                if state: return "dirty"
                state.append(bytearray(args.get("bytes", 0)))
                match args["do"]:
                    case "raise": raise ValueError("no")
                    case "exit": sys.exit(3)
                    case "kill": os._exit(4)
                    case "loop":
                        while True: pass
                return "clean"
            """
        let function = try await PythonFunction(source)
        var limits = FunctionLimits.standard
        limits.wallTimeMilliseconds = 50
        for action in ["raise", "exit", "kill", "loop"] {
            _ = try await function("{\"do\": \"\(action)\", \"bytes\": 3000000}", limits: limits)
            let after = try await function("{\"do\": \"nothing\"}")
            #expect(after.text == "\"clean\"", "after \(action): \(Ending(after))")
        }
    }

    @Test func `calls from many threads at once do not meet`() async throws {
        let function = try await PythonFunction(
            "seen = []\ndef main(args, context):\n  seen.append(args['n'])\n  return [sum(range(1000)), seen]")
        try await withThrowingTaskGroup { group in
            for number in 0..<8 {
                group.addTask { (number, try await function.repeated(50, "{\"n\": \(number)}")) }
            }
            for try await (number, outcomes) in group {
                for outcome in outcomes { #expect(outcome.text == "[499500, [\(number)]]", "\(Ending(outcome))") }
            }
        }
    }
}
