import Model
import Storage
import TestSupport
import Testing

@testable import Platform

struct DeployTests {
    private let source = "def main(args, context): return 1"

    private func draft(_ name: String, _ source: String, context: String? = nil) throws -> FunctionDraft {
        FunctionDraft(key: FunctionKey(name: try FunctionName(name)), face: .faaspot, source: source, context: context)
    }

    @Test func `a new function has an image, a sealed context and a record`() async throws {
        let fixture = try PlatformFixture()
        let execution = try await fixture.platform.create(try draft("hello", source, context: "KEY=geheim"))
        let key = FunctionKey(name: try FunctionName("hello"))
        #expect(execution.task == .createFunction && execution.status == .succeeded && execution.function == key)
        #expect(execution.output == Array("\"Function `hello` created\"".utf8))
        #expect(try await fixture.platform.execution(execution.id) == execution)
        let function = try #require(try await fixture.store.function(key))
        let version = try #require(try await fixture.store.version(1, of: function.id))
        #expect(version.image == .of(source))
        let sealed = try #require(version.sealedContext)
        #expect(!String(decoding: sealed, as: UTF8.self).contains("geheim"))
        let request = try #require(fixture.sandbox.prepared.first)
        #expect(request.source == source && request.limits.wallTimeMilliseconds == 10_000)
    }

    @Test func `code that cannot be imported is refused with its traceback, and nothing is registered`() async throws {
        let fixture = try PlatformFixture()
        fixture.sandbox.onPrepare { _ in
            .success(
                PrepareOutcome(
                    result: .failure(
                        ExecutionFault(
                            kind: .raised, type: "SyntaxError", message: "invalid syntax", file: "hello.py", line: 2,
                            column: 10, text: "    x = = 1\n")), logs: [], usage: .init()))
        }
        await #expect {
            _ = try await fixture.platform.create(try draft("hello", "def main(args, context):\n    x = = 1\n"))
        } throws: { error in
            let error = error as? PlatformError
            return error?.code == .invalidCode && error?.isFaultOfGuest == true
                && error?.message == "SyntaxError: invalid syntax (hello.py, line 2)"
                && error?.fault?.traceback
                    == "  File \"hello.py\", line 2\n    x = = 1\n         ^\nSyntaxError: invalid syntax"
        }
        #expect(try await fixture.store.functions(in: nil).isEmpty)
        #expect(try await fixture.platform.executions(matching: ExecutionFilter()).isEmpty)
    }

    @Test func `a lost worker is not the code's fault`() async throws {
        let fixture = try PlatformFixture()
        fixture.sandbox.onPrepare { _ in
            .success(
                PrepareOutcome(
                    result: .failure(ExecutionFault(kind: .workerLost, type: "WorkerLost", message: "it died")),
                    logs: [], usage: .init()))
        }
        await #expect { _ = try await fixture.platform.create(try draft("hello", source)) } throws: {
            ($0 as? PlatformError)?.code == .unavailable && ($0 as? PlatformError)?.isFaultOfGuest == false
        }
    }

    @Test func `a broken update leaves the old version as it was`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello", source)
        fixture.sandbox.onPrepare { _ in
            .success(
                PrepareOutcome(
                    result: .failure(
                        ExecutionFault(kind: .raised, type: "ImportError", message: "no", traceback: "tb")),
                    logs: [], usage: .init()))
        }
        await #expect(throws: PlatformError.self) {
            _ = try await fixture.platform.update(key, FunctionChange(source: "import no"))
        }
        #expect(try await fixture.platform.function(key).source == source)
        _ = try await fixture.platform.invoke(key, input: Array("{}".utf8))
        #expect(fixture.sandbox.called.last?.image == .of(source))
        #expect(fixture.sandbox.forgotten.isEmpty)
    }

    @Test func `an update is seen by the next call, and the old image is forgotten`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello", source, context: "A=1")
        _ = try await fixture.platform.invoke(key, input: Array("{}".utf8))
        _ = try await fixture.platform.update(key, FunctionChange(source: "new"))
        #expect(fixture.sandbox.forgotten == [.of(source)])
        _ = try await fixture.platform.invoke(key, input: Array("{}".utf8))
        #expect(fixture.sandbox.called.map(\.image) == [.of(source), .of("new")])
        // The context stays.
        #expect(fixture.sandbox.called.last?.context == Array(#"{"A":"1"}"#.utf8))
        #expect(try await fixture.platform.function(key).function.version == 2)
    }

    @Test func `a call in flight ends on the version that it began with, whose image lives until then`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello", source)
        fixture.sandbox.holdCalls()
        async let slow = fixture.platform.invoke(key, input: Array("{}".utf8))
        await fixture.sandbox.waitUntilHolding(1)
        _ = try await fixture.platform.update(key, FunctionChange(source: "new"))
        #expect(fixture.sandbox.forgotten.isEmpty)
        let id = try #require(fixture.sandbox.held.first)
        fixture.sandbox.finish(id, .output("1"))
        #expect(try await slow.outcome.output == Array("1".utf8))
        #expect(fixture.sandbox.forgotten == [.of(source)])
    }

    @Test func `a change of name or context alone takes no image and keeps the old one`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello", source)
        _ = try await fixture.platform.update(key, FunctionChange(context: "A=2"))
        let renamed = try await fixture.platform.update(key, FunctionChange(name: try FunctionName("hallo")))
        #expect(fixture.sandbox.prepared.count == 1 && fixture.sandbox.forgotten.isEmpty)
        let newKey = try #require(renamed.function)
        _ = try await fixture.platform.invoke(newKey, input: Array("{}".utf8))
        #expect(fixture.sandbox.called.last?.context == Array(#"{"A":"2"}"#.utf8))
        await #expect { _ = try await fixture.platform.invoke(key, input: []) } throws: {
            ($0 as? PlatformError)?.code == .functionNotFound
        }
        _ = try await fixture.platform.update(newKey, FunctionChange(context: ""))
        _ = try await fixture.platform.invoke(newKey, input: Array("{}".utf8))
        #expect(fixture.sandbox.called.last?.context == [])
    }

    @Test func `a taken name is refused, at create and at rename`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("one", source)
        try await fixture.deploy("two", source)
        for attempt in [
            { _ = try await fixture.platform.create(try self.draft("two", "x")) },
            { _ = try await fixture.platform.update(key, FunctionChange(name: try FunctionName("two"))) },
        ] as [() async throws -> Void] {
            await #expect { try await attempt() } throws: {
                ($0 as? PlatformError)?.message == "Function `two` already exists."
            }
        }
    }

    @Test func `a deleted function is gone for calls, and its image is forgotten`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello", source)
        _ = try await fixture.platform.invoke(key, input: Array("{}".utf8))
        let execution = try await fixture.platform.delete(key)
        #expect(execution.output == Array("\"Function `hello` deleted\"".utf8))
        #expect(fixture.sandbox.forgotten == [.of(source)])
        for attempt in [
            { _ = try await fixture.platform.invoke(key, input: []) },
            { _ = try await fixture.platform.delete(key) },
            { _ = try await fixture.platform.update(key, FunctionChange(source: "x")) },
            { _ = try await fixture.platform.enqueue(key, inputs: [[]]) },
        ] as [() async throws -> Void] {
            await #expect { try await attempt() } throws: { ($0 as? PlatformError)?.code == .functionNotFound }
        }
    }

    @Test func `deploys of one name come one after another`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello", "v0")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...20 {
                group.addTask { _ = try await fixture.platform.update(key, FunctionChange(source: "v\(number)")) }
            }
            try await group.waitForAll()
        }
        let function = try await fixture.platform.function(key)
        #expect(function.function.version == 21)
        _ = try await fixture.platform.invoke(key, input: Array("{}".utf8))
        #expect(fixture.sandbox.called.last?.image == .of(function.source))
        // Every image but the current one.
        #expect(Set(fixture.sandbox.forgotten).count == 20 && !fixture.sandbox.forgotten.contains(.of(function.source)))
    }

    @Test(arguments: [
        (FunctionChange(source: String(repeating: "#", count: (1 << 20) + 1)), PlatformError.Code.tooLarge),
        (FunctionChange(context: "A=" + String(repeating: "x", count: 64 << 10)), .tooLarge),
        (FunctionChange(context: "nonsense"), .invalidContext), (FunctionChange(source: " \n"), .invalidRequest),
        (FunctionChange(), .invalidRequest), (FunctionChange(requirements: "nowhere==2"), .invalidRequirements),
        (FunctionChange(limits: FunctionLimits(memoryBytes: 1)), .invalidRequest),
    ])
    func `what breaks a limit is refused before a sandbox sees it`(change: FunctionChange, code: PlatformError.Code)
        async throws
    {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello", source)
        await #expect { _ = try await fixture.platform.update(key, change) } throws: {
            ($0 as? PlatformError)?.code == code
        }
        #expect(fixture.sandbox.prepared.count == 1)
    }

    @Test func `requirements that the sandbox has are kept and shown`() async throws {
        let fixture = try PlatformFixture()
        let key = try await fixture.deploy("hello", source)
        let text = "# pictures\nPillow>=9 ; python_version > '3'\n\n"
        _ = try await fixture.platform.update(key, FunctionChange(requirements: text))
        #expect(try await fixture.platform.function(key).requirements == text)
        #expect(try await fixture.platform.functions(in: .default).map(\.requirements) == [text])
    }
}
