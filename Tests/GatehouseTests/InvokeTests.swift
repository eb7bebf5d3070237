import Foundation
import LabelledFiles
import Model
import Platform
import Storage
import TestSupport
import Testing

@testable import Gatehouse

/// Calls of gates from outside, as far as their labels and their answers go.
@Suite struct InvokeTests {
    @Test func `a function is told who calls with what, and its answer comes back`() async throws {
        try await House.run { house in
            try await house.register("~:f", "alice/f,T", as: "alice")
            house.sandbox.onCall { _ in .success(.answer("hello", status: 201)) }
            let file = try await house.upload([1, 2, 3], as: "alice")
            let answer = try await house.invoke(
                "~:f", as: "alice", "payload", headers: ["a": "b", "authorization": "secret"], uploads: [("x", file)])
            #expect(answer.status == 201 && answer.text == "hello" && !answer.functionFailed && answer.nanoseconds > 0)
            let call = try #require(house.sandbox.called.last)
            #expect(text(call.input) == "payload" && call.limits.memoryBytes == 128 << 20)
            #expect(call.limits.wallTimeMilliseconds == 300_000)
            let detail = try #require(try JSONDecoder().decode(CallDetail.self, from: Data(call.detail)).faasten)
            #expect(detail.headers == ["a": "b"] && detail.invokers == [["alice"]] && detail.gateway)
            #expect(detail.blobs.map(\.name) == ["x"] && detail.blobs.map(\.hash) == [file.hash.description])
        }
    }

    @Test func `nothing of what a call was given, answered or printed is in its record`() async throws {
        try await House.run { house in
            try await house.register("~:f", "alice/f,T", as: "alice")
            house.sandbox.onCall { _ in
                var outcome = CallOutcome.answer("secret", hasFailed: true)
                outcome.logs = [LogLine(time: Timestamp(microseconds: 1), stream: .stdout, text: "secret")]
                return .success(outcome)
            }
            let answer = try await house.invoke("~:f", as: "alice", "secret", headers: ["h": "secret"])
            #expect(answer.functionFailed && answer.status == 200)
            let record = try await house.fixture.platform.execution(try #require(ExecutionID(answer.invocation)))
            #expect(record.status == .failed && record.fault?.kind == .raised)
            #expect(
                !"\(record)".contains("secret") && record.logs.isEmpty && record.detail == nil && record.function == nil
            )
            #expect(record.input.isEmpty && record.output == nil)
            let hash = try #require(house.sandbox.called.last?.function.name.rawValue)
            let all = try await house.fixture.platform.executions(matching: ExecutionFilter(limit: 100))
            #expect(!"\(all)".contains(hash))
        }
    }

    @Test func `no face shows or calls the function of a gate`() async throws {
        try await House.run { house in
            try await house.register("~:f", "alice/f,T", as: "alice")
            house.sandbox.onCall { _ in .success(.answer("")) }
            _ = try await house.invoke("~:f", as: "alice")
            let platform = house.fixture.platform
            let key = try #require(house.sandbox.called.last?.function)
            #expect(try await platform.functions(in: nil).isEmpty)
            for act in [
                { _ = try await platform.function(key) }, { _ = try await platform.invoke(key, input: []) },
                { _ = try await platform.enqueue(key, inputs: [[]]) }, { _ = try await platform.delete(key) },
            ] as [() async throws -> Void] {
                await #expect(throws: PlatformError.self) { try await act() }
            }
        }
    }

    @Test func `labels float, and a result is for those who may know it`() async throws {
        try await House.run { house in
            try await house.register("home:<T,alice>:f", "alice/f,T", as: "alice")
            house.sandbox.onCall { call in
                _ = await house.sandbox.ask(FileOperation.labelTaint.rawValue, [bytes("alice,T")], of: call.id)
                return .success(.answer("secret of alice"))
            }
            #expect(try await house.invoke("home:<T,alice>:f", as: "alice").text == "secret of alice")
            #expect(await failure { _ = try await house.invoke("home:<T,alice>:f", as: "bob") } == .unreadable)
            #expect(await failure { _ = try await house.invoke("home:<T,alice>:f", as: "T") } == .unreadable)
            // How it failed is a part of what it answered.
            house.sandbox.onCall { call in
                _ = await house.sandbox.ask(FileOperation.labelTaint.rawValue, [bytes("alice,T")], of: call.id)
                return .success(.fault(.timedOut, "TimeoutError", "too long"))
            }
            #expect(await failure { _ = try await house.invoke("home:<T,alice>:f", as: "bob") } == .unreadable)
            #expect(await failure { _ = try await house.invoke("home:<T,alice>:f", as: "alice") } == .timedOut)
            // What its gate may declassify, it does.
            try await house.register("home:<T,alice>:g", "alice,T", as: "alice")
            house.sandbox.onCall { call in
                _ = await house.sandbox.ask(FileOperation.labelTaint.rawValue, [bytes("alice,T")], of: call.id)
                return .success(.answer("given"))
            }
            #expect(try await house.invoke("home:<T,alice>:g", as: "bob").text == "given")
        }
    }

    @Test func `a gate that is not there and one that may not be called look alike`() async throws {
        try await House.run { house in
            try await house.register("home:<T,alice>:private", "alice/f,alice", as: "alice")
            try await house.register("home:<alice,alice>:secret", "alice/f,alice", as: "alice", label: "alice,alice")
            var seen: Set<GateFailure?> = []
            for path in ["home:<T,alice>:private", "home:<alice,alice>:secret", "home:<T,alice>:no", "~:no:no", "home"]
            {
                seen.insert(await failure { _ = try await house.invoke(path, as: "bob") })
            }
            #expect(seen == [.refused("There is no such gate, or you may not call it.")])
            #expect(house.sandbox.called.isEmpty)
        }
    }

    @Test func `a function asks for nothing but cloudcalls, and for none after its end`() async throws {
        try await House.run { house in
            try await house.register("~:f", "alice/f,T", as: "alice")
            house.sandbox.onCall { call in
                for operation: UInt32 in [16, 33, 34, 128, 63, 109] {
                    guard case .failure(let refusal) = await house.sandbox.ask(operation, [], of: call.id) else {
                        return .success(.answer("\(operation) was answered"))
                    }
                    guard refusal.kind == .permission else { return .success(.answer("\(refusal)")) }
                }
                return .success(.answer("none"))
            }
            let answer = try await house.invoke("~:f", as: "alice")
            #expect(answer.text == "none")
            let call = try #require(house.sandbox.called.last)
            guard case .failure = await house.sandbox.ask(FileOperation.labelCurrent.rawValue, [], of: call.id) else {
                Issue.record("an ended call was answered")
                return
            }
        }
    }

    @Test(arguments: [
        (ExecutionFault.Kind.limit, GateFailure.exhausted), (.cancelled, .failed("The call was cancelled.")),
        (.raised, .launch(detail: "E: why")), (.timedOut, .timedOut),
    ])
    func `each way to end without an answer is told`(kind: ExecutionFault.Kind, expected: GateFailure) async throws {
        try await House.run { house in
            try await house.register("~:f", "alice,T", as: "alice")
            house.sandbox.onCall { _ in .success(.fault(kind, "E", "why")) }
            #expect(await failure { _ = try await house.invoke("~:f", as: "alice") } == expected)
        }
    }
}
