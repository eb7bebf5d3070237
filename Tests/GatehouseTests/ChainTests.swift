import LabelledFiles
import Model
import Platform
import Storage
import TestSupport
import Testing

@testable import Gatehouse

/// Functions that call gates.
@Suite struct ChainTests {
    /// Runs by name: the payload of a call says what is to be done.
    private static func play(_ house: House, _ calls: [String: @Sendable (CallRequest) async throws -> String]) {
        house.sandbox.onCall { call in
            do {
                guard let body = try await calls[text(call.input)]?(call) else { return .success(.answer("?")) }
                return .success(.answer(body))
            } catch { return .success(.fault(.raised, "Error", "\(error)")) }
        }
    }

    @Test func `a caller waits parked, gets the answer, and takes its label on`() async throws {
        try await House.run { house in
            try await house.register("~:outer", "alice,T", as: "alice")
            try await house.register("home:<T,bob>:inner", "bob/x,T", as: "bob", "def handle(e, c): return 1")
            Self.play(
                house,
                [
                    "outer": { call in
                        let reply = try await house.call("home:<T,bob>:inner", "inner", of: call.id)
                        let label = try await house.ask(.labelCurrent, of: call.id)
                        return "\(reply[0]) \(reply[1]) \(text(reply[4])) \(text(label[1]))"
                    },
                    "inner": { call in
                        #expect(house.sandbox.parked == [house.sandbox.called[0].id] && call.depth == 1)
                        _ = try await house.ask(.labelTaint, bytes("bob,T"), of: call.id)
                        return "answer"
                    },
                ])
            // Alice may not know what bob's function has seen, though her function may.
            #expect(await failure { _ = try await house.invoke("~:outer", as: "alice", "outer") } == .unreadable)
            #expect(house.sandbox.parked.isEmpty)
            #expect(house.sandbox.called.map(\.tenant) == [nil, nil], "nobody's shared state is theirs")
            let root = house.sandbox.called[0].id
            let family = try await house.fixture.platform.family(of: root)
            #expect(family.chained.map(\.parent) == [root] && family.hasEnded)
            Self.play(
                house,
                [
                    "outer": { call in
                        let reply = try await house.call("home:<T,bob>:inner", "inner", of: call.id)
                        return "\(reply[0]) \(reply[1]) \(text(reply[4])) \(reply[2] == HostFields.bytes(UInt32(200)))"
                    },
                    "inner": { _ in "answer" },
                ])
            #expect(try await house.invoke("~:outer", as: "alice", "outer").text == "[0] [1] answer true")
        }
    }

    @Test func `redirects are followed, and gates that call themselves come to an end`() async throws {
        try await House.run(House.configured { $0.maximumDepth = 3 }) { house in
            try await house.register("~:f", "alice/f,T", as: "alice")
            try await house.fsutil(
                #"{"op": "create-redirect-gate", "args": {"path": "~:r", "policy": "alice/r,T", "redirect_path": "~:f"}}"#,
                as: "alice")
            house.sandbox.onCall { call in
                let reply = try? await house.call("home:<alice,alice>:r", of: call.id)
                return .success(.answer(reply.map { "\($0[0][0]) " + ($0.count > 4 ? text($0[4]) : "end") } ?? "?"))
            }
            let answer = try await house.invoke("~:r", as: "alice")
            #expect(answer.text == "0 0 0 \(FileCode.gateLoop.rawValue) end")
            #expect(house.sandbox.called.count == 4)
        }
    }

    @Test func `as many calls of a gate run as it allows, and those that wait for others are not counted`() async throws
    {
        try await House.run(House.configured { $0.maximumWaitingCalls = 0 }) { house in
            let app = try await house.upload(bytes("def handle(e, c): pass"), as: "alice")
            try await house.register("~:lab", "alice,T", as: "alice")
            // A gate with settings is made by a function.
            house.sandbox.onCall { call in
                let json =
                    #"{"privilege": "alice", "clearance": "T", "memory": 64, "app": {"hash": "\#(app.hash)"}, "#
                    + #""settings": {"concurrency": 1, "timeout": 20.5}}"#
                let made = try? await house.ask(.create, [3], bytes("T,alice"), bytes(json), of: call.id)
                let home = try? await house.ask(.openPath, [0, 0, 0, 0], bytes("~"), of: call.id)
                guard let made, let home, made.count > 1, home.count > 1 else {
                    return .success(.answer("\(made ?? [])"))
                }
                let linked = try? await house.ask(.link, home[1], bytes("one"), made[1], of: call.id)
                return .success(.answer("\(linked ?? [])"))
            }
            #expect(try await house.invoke("~:lab", as: "alice").text == "[[0]]")
            Self.play(
                house,
                ["outer": { text(try await house.call("~:one", "inner", of: $0.id)[4]) }, "inner": { _ in "in" }])
            #expect(try await house.invoke("~:one", as: "alice", "outer").text == "in")
            #expect(house.sandbox.called.last?.limits.wallTimeMilliseconds == 20_500)
            house.sandbox.holdCalls()
            async let first = house.invoke("~:one", as: "alice")
            await house.sandbox.waitUntilHolding(1)
            #expect(
                await failure { _ = try await house.invoke("~:one", as: "alice") } == .busy(retryAfterSeconds: 1))
            house.sandbox.finish(house.sandbox.held[0], .answer("first"))
            #expect(try await first.text == "first")
        }
    }

    @Test func `turns come in order, and a wait for one ends`() async throws {
        let turns = Turns(maximumWaiting: 1)
        let gate = ObjectID(rawValue: 1)
        let first = try #require(await turns.take(gate, of: 1, within: .seconds(60)))
        #expect(await turns.take(gate, of: 1, within: .zero) == nil)
        async let second = turns.take(gate, of: 1, within: .seconds(60))
        first.end()
        let turn = try #require(await second)
        // Who waits for others lets the next one in, and goes on beside it.
        turn.park()
        let third = try #require(await turns.take(gate, of: 1, within: .seconds(60)))
        turn.unpark()
        turn.end()
        let waiting = Task { await turns.take(gate, of: 1, within: .seconds(60)) }
        waiting.cancel()
        #expect(await waiting.value == nil)
        third.end()
        #expect(await turns.take(gate, of: 1, within: .zero) != nil)
    }

    @Test func `what came of a call ends with it`() async throws {
        try await House.run { house in
            try await house.register("~:f", "alice/f,T", as: "alice")
            house.sandbox.holdCalls()
            let call = Task { try await house.invoke("~:f", as: "alice") }
            await house.sandbox.waitUntilHolding(1)
            let outer = house.sandbox.held[0]
            async let reply = house.call("home:<alice,alice>:f", of: outer)
            await house.sandbox.waitUntilHolding(2)
            let cancelled = try await house.fixture.platform.cancel(outer)
            #expect(cancelled.status == .cancelled)
            _ = try await reply
            #expect(house.sandbox.held.isEmpty)
            #expect(await failure { _ = try await call.value } == .failed("The call was cancelled."))
        }
    }
}
