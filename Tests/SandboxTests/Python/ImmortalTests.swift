import Model
import Testing

@testable import Sandbox

/// References to most of what an image holds are not counted. That must not be noticed.
@Suite struct ImmortalTests {
    @Test func `objects of the user's own end in a call as they would elsewhere`() async throws {
        let function = try await PythonFunction(
            """
            import gc, weakref
            ended = []
            class Thing:
                def __init__(self, name): self.name = name
                def __del__(self): ended.append(self.name)
            alone, table, circle = Thing("alone"), {"a": Thing("in a table")}, [Thing("in a circle")]
            circle.append(circle)
            watched = Thing("watched")
            watch = weakref.ref(watched, lambda _: ended.append("told"))
            def main(args, context):
                global alone, circle, watched
                alone = None
                table.clear()
                circle = None
                watched = None
                gc.collect()
                return sorted(ended)
            """)
        let answers = try await function.repeated(3).map(\.text)
        // What was frozen with the image the collector does not look at: circles of it stay.
        #expect(answers == Array(repeating: #"["alone", "in a table", "told", "watched"]"#, count: 3))
    }

    @Test func `large constants can be dropped`() async throws {
        let function = try await PythonFunction(
            """
            block, text, row = bytes(40 << 20), "x" * (40 << 20), tuple(range(2_000_000))
            def main(args, context):
                global block, text, row
                block = text = row = None
                return len(bytes(60 << 20)) + len("y" * (30 << 20))
            """, limits: Self.limits)
        #expect(try await function(limits: Self.limits).text == "\(90 << 20)")
    }

    private static let limits: FunctionLimits = {
        var limits = FunctionLimits.standard
        limits.memoryBytes = 192 << 20
        return limits
    }()

    @Test func `code, names and small constants are not counted, and containers are`() async throws {
        let function = try await PythonFunction(
            """
            import json, sys
            name, number, pair, table, rows = "a name of its own", 1 << 40, ("a", 2.5), {}, []
            class Thing: pass
            thing = Thing()
            def helper(): pass
            def more(*things):
                before = [sys.getrefcount(thing) for thing in things]
                kept = [things] * 3, *(list(things) for _ in range(3))
                return [sys.getrefcount(thing) - count for thing, count in zip(things, before)]
            def main(args, context):
                return [
                    any(more(name, number, pair, Thing, helper, helper.__code__, json, json.dumps, json.JSONEncoder.encode)),
                    all(more(table, rows, thing))]
            """)
        #expect(try await function().text == "[false, true]")
    }
}
