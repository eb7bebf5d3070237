import Model
import Testing

@testable import SharedState

/// Every order of a few requests of three calls for one key.
@Suite struct LockTableTests {
    private enum Event: Hashable {
        case request(UInt64, LockMode)
        case release(UInt64, LockMode)
        case cancel(UInt64)
        case end(UInt64)
    }

    private struct World {
        var table = LockTable(maximumKeys: 9)
        /// What the tests know of who waits, first come first.
        var line: [LockTable.Waiter] = []
        var nextTicket: UInt64 = 1

        var identity: String {
            let lock = table.locks.values.first
            let holders = (lock?.holders ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)\($0.value)" }
            return "\(holders) \(line.map { "\($0.owner)\($0.mode)" })"
        }
    }

    private static let owners: [UInt64] = [1, 2, 3]

    private static var events: [Event] {
        owners.flatMap { owner -> [Event] in
            [.cancel(owner), .end(owner)] + LockMode.allCases.flatMap { [.request(owner, $0), .release(owner, $0)] }
        }
    }

    @Test func `in every order of events readers and writers exclude each other, and the first in the line is next`()
        throws
    {
        let key = try key("k")
        var seen: Set<String> = []
        var open = [World()]
        while let world = open.popLast() {
            for event in Self.events {
                var next = world
                guard try Self.apply(event, to: &next, key) else { continue }
                Self.check(next, key, "\(world.identity) \(event)")
                if seen.insert(next.identity).inserted { open.append(next) }
            }
        }
        #expect(seen.count > 300)
    }

    /// False: nothing of interest.
    private static func apply(_ event: Event, to world: inout World, _ key: StateKey) throws -> Bool {
        var granted: [UInt64] = []
        switch event {
        case .request(let owner, let mode):
            let hold = world.table.locks[key]?.holders[owner]
            // One request of a call at a time, and no more than twice the same, to keep the worlds finite.
            guard !world.line.contains(where: { $0.owner == owner }), hold?[mode] ?? 0 < 2 else { return false }
            let ticket = world.nextTicket
            world.nextTicket += 1
            switch world.table.request(key, mode, by: owner, ticket: ticket) {
            case .granted: #expect(hold != nil || world.line.isEmpty, "nobody passes the line")
            case .queued:
                #expect(hold == nil, "who has the lock never waits for it")
                world.line.append(.init(ticket: ticket, owner: owner, mode: mode))
            case .refusedUpgrade: #expect(mode == .write && hold?.writes == 0 && hold?.reads ?? 0 > 0)
            case .refusedCount: Issue.record("there is one key")
            }
        case .release(let owner, let mode):
            let hold = world.table.locks[key]?.holders[owner]
            let result = world.table.release(key, mode, by: owner)
            #expect((result == nil) == (hold?[mode] ?? 0 == 0))
            guard let result else { return false }
            granted = result
        case .cancel(let owner):
            guard let place = world.line.firstIndex(where: { $0.owner == owner }) else { return false }
            let next = world.table.cancel(world.line[place].ticket, for: key)
            granted = try #require(next)
            world.line.remove(at: place)
        case .end(let owner):
            guard !world.line.contains(where: { $0.owner == owner }) else { return false }
            granted = world.table.releaseAll(of: owner)
            #expect(world.table.locks[key]?.holders[owner] == nil)
        }
        #expect(granted == world.line.prefix(granted.count).map(\.ticket), "the line is served in order")
        world.line.removeFirst(granted.count)
        return true
    }

    private static func check(_ world: World, _ key: StateKey, _ place: String) {
        let lock = world.table.locks[key]
        #expect(lock?.line ?? [] == world.line, "\(place)")
        let holders = lock?.holders ?? [:]
        #expect(holders.count < 2 || holders.values.allSatisfy { $0.writes == 0 }, "a writer is alone: \(place)")
        if let lock, let first = lock.line.first {
            #expect(!lock.isFree(first.mode, for: first.owner), "the first waits for nothing: \(place)")
        }
        #expect(lock == nil || !holders.isEmpty, "a key that nobody has is forgotten: \(place)")
    }
}
