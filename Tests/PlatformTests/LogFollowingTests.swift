import Model
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Platform

struct LogFollowingTests {
    private func line(_ text: String) -> LogLine {
        LogLine(time: Timestamp(microseconds: 1), stream: .stdout, text: text)
    }

    private final class Seen: Sendable {
        let lines = Mutex<[String]>([])
    }

    @Test func `who follows a log gets every line once, of all attempts, and then the end`() async throws {
        let fixture = try PlatformFixture(time: TimeSource(now: TimeSource.system.now, jitter: { 0 }))
        let key = FunctionKey(name: try FunctionName("hello"))
        let retry = RetryPolicy(attempts: 2, backoffMilliseconds: 0)
        _ = try await fixture.platform.create(
            FunctionDraft(
                key: key, face: .faaspot, source: "def main(args, context): return args",
                policy: FunctionPolicy(retry: retry)))
        fixture.sandbox.holdCalls()
        let id = try await fixture.platform.enqueue(key, inputs: [Array("{}".utf8)])[0]
        let seen = Seen()
        try await fixture.withServices {
            await fixture.sandbox.waitUntilHolding(1)
            fixture.platform.hub.show(id, [self.line("a"), self.line("b")])
            #expect(try await fixture.platform.logs(of: id).map(\.line.text) == ["a", "b"])
            async let following: Void = fixture.platform.followLogs(of: id) { event in
                switch event {
                case .line(let line): seen.lines.withLock { $0.append("\(line.attempt) \(line.line.text)") }
                case .end(let execution): seen.lines.withLock { $0.append(execution.status.rawValue) }
                }
            }
            while seen.lines.withLock({ $0.count }) < 2 { await Task.yield() }
            fixture.platform.hub.show(id, [self.line("c")])
            var outcome = CallOutcome.fault(.raised, "ValueError", "no")
            outcome.logs = ["a", "b", "c", "d"].map(self.line)
            fixture.sandbox.finish(id, outcome)
            await fixture.sandbox.waitUntilCalled(2)
            await fixture.sandbox.waitUntilHolding(1)
            outcome = .output("1")
            outcome.logs = [self.line("e")]
            fixture.sandbox.finish(id, outcome)
            try await following
            #expect(try await fixture.platform.logs(of: id).map(\.attempt) == [1, 1, 1, 1, 2])
        }
        #expect(seen.lines.withLock { $0 } == ["1 a", "1 b", "1 c", "1 d", "2 e", "succeeded"])
        #expect(fixture.platform.hub.listeners == 0)
    }

    @Test func `only the tail of what a running call prints is held`() {
        let hub = ExecutionHub(maximumLines: 3, maximumBytes: 10)
        let id = ExecutionID(high: 1, low: 1)
        hub.show(id, [line("nobody runs")])
        hub.begin(id, attempt: 1)
        hub.show(id, (0..<5).map { line("\($0)") })
        hub.show(id, [line("too long for the others")])
        let subscription = hub.subscribe(id)
        hub.unsubscribe(subscription)
        #expect(hub.listeners == 0)
    }

    @Test func `a cursor gives each line once, whatever comes twice or is left out`() {
        var cursor = LogCursor()
        #expect(cursor.take([line("a"), line("b")], of: 1, from: 0).map(\.line.text) == ["a", "b"])
        #expect(cursor.take([line("b"), line("c")], of: 1, from: 1).map(\.line.text) == ["c"])
        #expect(cursor.take([line("a")], of: 1, from: 0).isEmpty)
        #expect(cursor.take([line("x")], of: 2, from: 0).map(\.attempt) == [2])
        #expect(cursor.take([line("late")], of: 1, from: 9).isEmpty)
    }
}
