import Model
import Platform
import Storage
import TestSupport
import Testing

/// Calls that start others, told from the side of the sandboxes.
@Suite struct ChainingTests {
    private static let (chain, await, status): (UInt32, UInt32, UInt32) = (16, 17, 18)

    private static func number(_ value: some FixedWidthInteger) -> [UInt8] { HostFields.bytes(value) }

    private static func chainFields(_ entry: String, _ input: String = "") -> [[UInt8]] {
        [[0], [], Array(entry.utf8), Array(input.utf8)]
    }

    /// Deploys a function and begins a call of it, which hangs.
    private func begin(_ fixture: PlatformFixture) async throws -> (ExecutionID, Task<CompletedCall, any Error>) {
        let key = try await fixture.deploy("parent")
        fixture.sandbox.holdCalls()
        let call = Task { try await fixture.platform.invoke(key, input: []) }
        await fixture.sandbox.waitUntilHolding(1)
        return (fixture.sandbox.held[0], call)
    }

    @Test func `a chained call has the caller's function, a number, and its own input`() async throws {
        let fixture = try PlatformFixture()
        let (parent, call) = try await begin(fixture)
        let first = await fixture.sandbox.ask(Self.chain, Self.chainFields("one", "1"), of: parent)
        let second = await fixture.sandbox.ask(Self.chain, Self.chainFields("two", "2"), of: parent)
        #expect(try first.get() == [Self.number(Int32(1))] && (try second.get()) == [Self.number(Int32(2))])
        await fixture.sandbox.waitUntilHolding(3)
        let chained = fixture.sandbox.called.dropFirst()
        #expect(Set(chained.map { String(decoding: $0.input, as: UTF8.self) }) == ["1", "2"])
        #expect(chained.allSatisfy { $0.depth == 1 })
        for id in fixture.sandbox.held where id != parent { fixture.sandbox.finish(id, .output("out")) }
        let waited = await fixture.sandbox.ask(
            Self.await, [Self.number(UInt32(0)), [1], Self.number(Int32(1)) + Self.number(Int32(2))], of: parent)
        #expect(
            try waited.get() == [Self.number(Int32(0)), Array("out".utf8), Self.number(Int32(0)), Array("out".utf8)])
        #expect(fixture.sandbox.parked.isEmpty)
        fixture.sandbox.finish(parent, .output("1"))
        _ = try await call.value
        let family = try await fixture.platform.family(of: parent)
        #expect(family.hasEnded && family.chained.map(\.callNumber) == [1, 2])
        #expect(family.chained.allSatisfy { $0.parent == parent && $0.root == parent && $0.trigger == .chained })
    }

    @Test func `unknown numbers are refused, and a number is asked for twice`() async throws {
        let fixture = try PlatformFixture()
        let (parent, call) = try await begin(fixture)
        for number in [Int32(0), 1, -1, .max] {
            let refused = await fixture.sandbox.ask(Self.status, [Self.number(number)], of: parent)
            #expect(throws: HostCallRefusal.self) { try refused.get() }
        }
        _ = await fixture.sandbox.ask(Self.chain, Self.chainFields("one"), of: parent)
        await fixture.sandbox.waitUntilHolding(2)
        #expect(try await fixture.sandbox.ask(Self.status, [Self.number(Int32(1))], of: parent).get() == [[0]])
        let child = try #require(fixture.sandbox.held.first { $0 != parent })
        fixture.sandbox.finish(child, .fault(.raised, "ValueError", "no"))
        for _ in 0..<2 {
            let waited = await fixture.sandbox.ask(
                Self.await, [Self.number(UInt32(0)), [0], Self.number(Int32(1))], of: parent)
            #expect(try waited.get() == [Self.number(Int32(1)), []])
        }
        #expect(try await fixture.sandbox.ask(Self.status, [Self.number(Int32(1))], of: parent).get() == [[2]])
        fixture.sandbox.finish(parent, .output("1"))
        _ = try await call.value
    }

    @Test func `no more calls come of one than may`() async throws {
        let fixture = try PlatformFixture { $0.maximumChainedCalls = 2 }
        let (parent, call) = try await begin(fixture)
        var refusals: [HostCallRefusal] = []
        for _ in 0..<3 {
            if case .failure(let refusal) = await fixture.sandbox.ask(
                Self.chain, Self.chainFields("one"), of: parent)
            {
                refusals.append(refusal)
            }
        }
        #expect(refusals.map(\.kind) == [.runtime] && refusals[0].message.contains("maximumChainedCalls"))
        await fixture.sandbox.waitUntilHolding(3)
        for id in fixture.sandbox.held { fixture.sandbox.finish(id, .output("1")) }
        _ = try await call.value
    }

    @Test func `cancelling a call cancels what came of it`() async throws {
        let fixture = try PlatformFixture()
        let (parent, call) = try await begin(fixture)
        _ = await fixture.sandbox.ask(Self.chain, Self.chainFields("one"), of: parent)
        await fixture.sandbox.waitUntilHolding(2)
        let child = try #require(fixture.sandbox.held.first { $0 != parent })
        _ = try await fixture.platform.cancel(parent)
        #expect(try await call.value.outcome.fault?.kind == .cancelled)
        let ended = try await fixture.platform.execution(child, endedWithin: .seconds(20))
        #expect(ended.status == .cancelled)
    }

    @Test func `a wait that takes too long is told so, and the other call goes on`() async throws {
        let fixture = try PlatformFixture()
        let (parent, call) = try await begin(fixture)
        _ = await fixture.sandbox.ask(Self.chain, Self.chainFields("one"), of: parent)
        await fixture.sandbox.waitUntilHolding(2)
        let waited = await fixture.sandbox.ask(
            Self.await, [Self.number(UInt32(1)), [1], Self.number(Int32(1))], of: parent)
        #expect(try waited.get() == [Self.number(Int32(-110)), []])
        #expect(fixture.sandbox.parked.isEmpty)
        #expect(try await fixture.sandbox.ask(Self.status, [Self.number(Int32(1))], of: parent).get() == [[0]])
        for id in fixture.sandbox.held { fixture.sandbox.finish(id, .output("1")) }
        _ = try await call.value
    }
}
