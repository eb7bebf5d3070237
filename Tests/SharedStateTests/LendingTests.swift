import Glibc
import Kernel
import Model
import Storage
import Testing

@testable import SharedState

/// What the tier lends to workers, and when it counts that as spent.
@Suite struct LendingTests {
    private let counters = SharedCounters()!

    private func tier(_ keys: [StateKey], lent: Int = 128 << 20) -> LocalTier {
        var limits = StateLimits()
        limits.maximumStateLentBytes = lent
        var tier = LocalTier(limits: limits, generations: counters)
        for key in keys {
            tier.learn(key, nil)
            tier.learn(usage: 0, of: key.tenant)
        }
        return tier
    }

    private func generation(_ key: StateKey) -> UInt64 { counters[LocalTier.generationPlace(of: key)] }

    /// Has the tier lend a value whose file is made where it must be.
    private func lend(_ tier: inout LocalTier, _ key: StateKey, read count: Int) -> Loan? {
        let loan = tier.lend(key, read: count)
        guard case .fileIsMissing(let size, let lastChange) = loan else { return loan }
        guard case .done(let view) = tier.read(key, at: 0, count: size) else { return nil }
        let file = Descriptor.sealedMemoryFile("test", count: size, view.pieces.map { ($0.offset, $0.bytes) })
        return tier.keep(file, size: size, of: key, lastChange: lastChange)
    }

    @Test func `every change counts the key's generation up, and nothing else does`() throws {
        let key = try key("k")
        var tier = tier([key])
        var last = generation(key)
        func expect(_ isChange: Bool, _ step: Step<some Any>, _ what: Comment) {
            if case .done = step {} else { Issue.record(what) }
            #expect((generation(key) != last) == isChange, what)
            last = generation(key)
        }
        expect(false, tier.size(key), "a size")
        expect(false, tier.delete(key), "deleting nothing")
        expect(false, tier.compareAndSet(key, [1], [2]), "a comparison that fails")
        expect(true, tier.compareAndSet(key, nil, [2]), "one that does not")
        expect(true, tier.replace(key, by: [1, 2, 3]), "a value")
        expect(true, tier.write(key, total: 9, at: 1, []), "a value that grows")
        expect(false, tier.read(key, at: 0, count: 5), "a read")
        expect(true, tier.append(key, [4]), "an entry")
        var goals = tier.goals([key])
        guard case .commit(let edits) = tier.beginPush(&goals) else { throw StateError.ended }
        #expect(edits.count == 1 && generation(key) == last)
        _ = tier.endPush(key, succeeded: false)
        #expect(generation(key) == last, "a push shows nobody anything new")
        expect(true, tier.clearLog(key), "a log that is emptied")
        expect(false, tier.clearLog(key), "one that was empty")
        expect(true, tier.delete(key), "a deletion")
    }

    @Test func `a short value is sent along, and a long one lies in one file until it changes`() throws {
        let (short, long) = (try key("short"), try key("long"))
        var tier = tier([short, long])
        _ = tier.replace(short, by: filled(1, 1000)[...])
        _ = tier.replace(long, by: filled(2, 40_000)[...])
        guard case .content(.bytes(let bytes), _, generation(short)) = lend(&tier, short, read: 100) else {
            throw StateError.ended
        }
        #expect(bytes == filled(1, 1000))
        #expect(lend(&tier, long, read: 100) == nil, "not for a glance")
        guard case .content(.file(let first), _, generation(long)) = lend(&tier, long, read: 10_000),
            case .content(.file(let again), _, _) = lend(&tier, long, read: 1)
        else { throw StateError.ended }
        #expect(first === again && tier.filedBytes == 40_000)
        _ = tier.write(long, total: 0, at: 39_999, [7, 7])
        #expect(tier.filedBytes == 0 && tier.filedKeys.count == 0)
        #expect(lend(&tier, long, read: 100) == nil, "counted anew after a change")
        guard case .content(.file, _, generation(long)) = lend(&tier, long, read: 40_001) else {
            throw StateError.ended
        }
        #expect(tier.filedBytes == 40_001)
        _ = tier.delete(long)
        guard case .content(.bytes([]), _, generation(long)) = lend(&tier, long, read: 0) else {
            throw StateError.ended
        }
        #expect(tier.filedBytes == 0)
    }

    @Test func `a file that was made of an older value is not kept`() throws {
        let key = try key("k")
        var tier = tier([key])
        _ = tier.replace(key, by: filled(1, 40_000)[...])
        guard case .fileIsMissing(40_000, let change) = tier.lend(key, read: 40_000) else { throw StateError.ended }
        #expect(tier.lend(key, read: 40_000) == nil, "one is being made")
        _ = tier.replace(key, by: filled(2, 40_000)[...])
        let file = Descriptor.sealedMemoryFile("test", count: 40_000, [])
        #expect(tier.keep(file, size: 40_000, of: key, lastChange: change) == nil)
        #expect(tier.filedBytes == 0)
        #expect(lend(&tier, key, read: 40_000) != nil)
    }

    @Test func `files have a bound, the one that was lent last stays, and what is longer is not lent`() throws {
        let keys = try (0..<5).map { try key("k\($0)") }
        var tier = tier(keys, lent: 100_000)
        for key in keys { _ = tier.replace(key, by: filled(1, 40_000)[...]) }
        for key in keys {
            #expect(lend(&tier, keys[0], read: 40_000) != nil)
            #expect(lend(&tier, key, read: 40_000) != nil)
            #expect(tier.filedBytes <= 100_000)
        }
        #expect(tier.filedKeys.count == 2)
        #expect(tier.existing(keys[0])?.lending.file != nil && tier.existing(keys[4])?.lending.file != nil)
        _ = tier.replace(keys[1], by: filled(1, 100_001)[...])
        #expect(lend(&tier, keys[1], read: 100_001) == nil)
    }

    @Test func `what is dropped from memory takes its file along`() throws {
        let key = try key("k")
        var tier = tier([key])
        _ = tier.replace(key, by: filled(1, 40_000)[...])
        #expect(lend(&tier, key, read: 40_000) != nil)
        var goals = tier.goals([key])
        _ = tier.beginPush(&goals)
        _ = tier.endPush(key, succeeded: true)
        tier.trim(to: 0)
        #expect(tier.existing(key) == nil && tier.filedBytes == 0 && tier.filedKeys.count == 0)
    }

    @Test func `who reads the generations sees them at once, and cannot change them`() throws {
        let reader = try #require(SharedCounters(reading: counters.file))
        #expect(reader[7] == 0)
        counters.advance(7)
        #expect(reader[7] == 1 && reader[8] == 0)
        let size = SharedCounters.count * 8
        #expect(mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, counters.file.number, 0) == MAP_FAILED)
        #expect(pwrite(counters.file.number, [1], 1, 0) == -1 && ftruncate(counters.file.number, 0) == -1)
        let other = try #require(Descriptor.sealedMemoryFile("test", count: 5, []))
        #expect(SharedCounters(reading: other) == nil)
        #expect(pwrite(other.number, [1], 1, 0) == -1)
    }
}
