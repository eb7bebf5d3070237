import Foundation
import Model
import Storage
import Testing

@Suite struct StateConformanceTests {
    private static func key(_ name: String = "k", of tenant: String = "ann") throws -> StateKey {
        try StateKey(tenant: try Namespace(tenant), name: name)
    }

    @Test(arguments: Driver.allCases)
    func `a value is replaced, read by ranges and deleted`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            let key = try Self.key()
            #expect(try await store.state(key) == nil)
            #expect(try await store.stateBytes(key, at: 0, count: 9).isEmpty)
            let first = try await store.commit([.replace(key, by: Array("0123456789".utf8))])
            #expect(
                try await store.state(key) == StateSummary(version: first, size: 10, entries: 0, entryBytes: 0))
            #expect(try await store.stateBytes(key, at: 4, count: 4) == Array("4567".utf8))
            #expect(try await store.stateBytes(key, at: 8, count: .max - 8) == Array("89".utf8))
            #expect(try await store.stateBytes(key, at: 10, count: 1).isEmpty)
            let second = try await store.commit([.replace(key, by: [1])])
            #expect(second > first)
            #expect(try await store.stateBytes(key, at: 0, count: 9) == [1])
            _ = try await store.commit([.replace(key, by: [])])
            #expect(try await store.state(key)?.size == 0, "empty is not absent")
            _ = try await store.commit([.delete(key)])
            #expect(try await store.state(key) == nil)
            let last = try await store.commit([.replace(key, by: [])])
            #expect(last > second, "a version is never used again")
        }
    }

    @Test(arguments: Driver.allCases)
    func `a value grows by zeros, over chunks that were never written`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            let key = try Self.key()
            let chunk = StateChunk.bytes
            _ = try await store.commit([StateEdit(key, [.resize(3 * chunk + 5)])])
            #expect(try await store.stateBytes(key, at: chunk - 1, count: 3) == [0, 0, 0])
            _ = try await store.commit([StateEdit(key, [.write([1, 2, 3, 4], at: 2 * chunk - 2)])])
            #expect(try await store.state(key)?.size == 3 * chunk + 5)
            #expect(try await store.stateBytes(key, at: 2 * chunk - 3, count: 6) == [0, 1, 2, 3, 4, 0])
            _ = try await store.commit([StateEdit(key, [.resize(2 * chunk - 1), .resize(2 * chunk + 1)])])
            #expect(try await store.stateBytes(key, at: 2 * chunk - 3, count: 9) == [0, 1, 0, 0], "cut bytes are gone")
            _ = try await store.commit([StateEdit(key, [.resize(2 * chunk), .resize(3 * chunk)])])
            #expect(try await store.stateBytes(key, at: 2 * chunk - 2, count: 4) == [1, 0, 0, 0])
        }
    }

    @Test(arguments: Driver.allCases)
    func `a log is apart from the value and keeps its order`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            let key = try Self.key()
            _ = try await store.commit([StateEdit(key, [.append([[1], []])])])
            _ = try await store.commit([StateEdit(key, [.append([[2, 2]])])])
            let logged = try await store.state(key)
            #expect(logged?.size == nil)
            #expect(logged?.entries == 3)
            #expect(logged?.entryBytes == 3)
            #expect(try await store.stateEntries(key, limit: 2) == [[1], []])
            #expect(try await store.stateEntries(key, limit: .max) == [[1], [], [2, 2]])
            _ = try await store.commit([.replace(key, by: [7])])
            _ = try await store.commit([StateEdit(key, [.keepEntries(1), .append([[3]])])])
            #expect(try await store.stateEntries(key, limit: 9) == [[1], [3]])
            _ = try await store.commit([StateEdit(key, [.resize(nil)])])
            #expect(try await store.state(key)?.entryBytes == 2)
            _ = try await store.commit([StateEdit(key, [.keepEntries(0)])])
            #expect(try await store.state(key) == nil)
        }
    }

    @Test(arguments: Driver.allCases)
    func `edits are made all or none, and only of the version that they expect`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            let (a, b) = (try Self.key("a"), try Self.key("b"))
            let version = try await store.commit([.replace(a, by: [1], expected: .absent)])
            for expected in [StateEdit.Expectation.absent, .version(version - 1)] {
                #expect(
                    await refusal {
                        _ = try await store.commit([.replace(b, by: [2]), .replace(a, by: [3], expected: expected)])
                    } == .conflict)
            }
            #expect(await refusal { _ = try await store.commit([.delete(b, expected: .version(1))]) } == .conflict)
            #expect(try await store.state(b) == nil)
            #expect(try await store.stateBytes(a, at: 0, count: 1) == [1])
            let next = try await store.commit([.replace(b, by: [2]), .replace(a, by: [3], expected: .version(version))])
            #expect(try await store.state(a)?.version == next)
            #expect(try await store.state(b)?.version == next)
        }
    }

    @Test(arguments: Driver.allCases)
    func `counters that are incremented by version lose nothing`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            let key = try Self.key()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask { for _ in 0..<10 { while await !Self.increment(key, store) {} } }
                }
            }
            #expect(try await store.stateBytes(key, at: 0, count: 1) == [80])
        }
    }

    private static func increment(_ key: StateKey, _ store: any Store) async -> Bool {
        let code = await refusal {
            let version = try await store.state(key)?.version
            let byte = try await store.stateBytes(key, at: 0, count: 1).first ?? 0
            _ = try await store.commit([
                .replace(key, by: [byte + 1], expected: version.map { .version($0) } ?? .absent)
            ])
        }
        return code == nil
    }

    @Test(arguments: Driver.allCases)
    func `keys are listed in pages by their bytes, and counted by tenant`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            let names = ["B", "a", "a/b", "e\u{301}", "\u{E9}", "\u{10FFFF}", "a\tb"]
            for name in names { _ = try await store.commit([.replace(try Self.key(name), by: [1, 2])]) }
            // The same bytes where tenant and key are joined.
            _ = try await store.commit([.replace(try Self.key("bk", of: "a"), by: [1])])
            _ = try await store.commit([StateEdit(try Self.key("k", of: "ab"), [.append([[2], []])])])
            let ann = try Namespace("ann")
            let all = try await store.stateKeys(of: ann, after: nil, limit: 99)
            #expect(all.map(\.key) == (try names.map { try Self.key($0) }).sorted())
            #expect(all.allSatisfy { $0.summary.size == 2 })
            let page = try await store.stateKeys(of: ann, after: all[1].key, limit: 3)
            #expect(page == Array(all[2..<5]))
            #expect(try await store.stateBytes(Self.key("bk", of: "a"), at: 0, count: 9) == [1])
            #expect(try await store.stateKeys(of: try Namespace("ab"), after: nil, limit: 9).map(\.key.name) == ["k"])

            let bytes = names.reduce(0) { $0 + $1.utf8.count + 2 + StateCost.keyOverheadBytes }
            #expect(try await store.stateUsage(of: ann) == StateUsage(keys: names.count, bytes: bytes))
            #expect(
                try await store.stateUsage(of: try Namespace("ab"))
                    == StateUsage(
                        keys: 1, bytes: 1 + 1 + StateCost.keyOverheadBytes + 2 * StateCost.entryOverheadBytes))
            #expect(try await store.stateUsage(of: try Namespace("nobody")) == StateUsage(keys: 0, bytes: 0))
        }
    }

    @Test func `random edits do the same to every driver`() async throws {
        try await Driver.sqlite.withStore { sqlite in
            let memory = MemoryStore()
            let keys = try ["a", "b", "c"].map { try Self.key($0) }
            var random = SeededGenerator(seed: 11)
            for round in 0..<40 {
                let edits = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                    StateEdit(
                        keys.randomElement(using: &random) ?? keys[0],
                        (0..<Int.random(in: 1...3, using: &random)).map { _ in Self.change(&random) })
                }
                #expect(try await sqlite.commit(edits) == memory.commit(edits))
                for key in keys {
                    #expect(try await sqlite.state(key) == memory.state(key), "round \(round)")
                    let all = try await sqlite.stateBytes(key, at: 0, count: .max)
                    let expected = try await memory.stateBytes(key, at: 0, count: .max >> 1)
                    #expect(Data(all) == Data(expected), "round \(round)")
                    #expect(
                        try await sqlite.stateEntries(key, limit: 99) == memory.stateEntries(key, limit: 99))
                }
            }
            let tenant = keys[0].tenant
            #expect(try await sqlite.stateUsage(of: tenant) == memory.stateUsage(of: tenant))
        }
    }

    private static func change(_ random: inout SeededGenerator) -> StateEdit.Change {
        // Sizes near the ends of chunks are where mistakes are made.
        let place = Int.random(in: 0...2, using: &random) * StateChunk.bytes + Int.random(in: 0...3, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return .resize(Int.random(in: 0..<4, using: &random) == 0 ? nil : place)
        case 1: return .keepEntries(Int.random(in: 0...5, using: &random))
        case 2: return .append([[UInt8.random(in: 0...255, using: &random)], []])
        default:
            let count = Bool.random(using: &random) ? 3 : StateChunk.bytes + 2
            return .write(
                [UInt8](repeating: UInt8.random(in: 1...255, using: &random), count: count), at: max(0, place - 2))
        }
    }
}
