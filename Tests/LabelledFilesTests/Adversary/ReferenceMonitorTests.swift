import Foundation
import Labels
import Synchronization
import Testing

@testable import LabelledFiles

/// Random programs against the monitor: whatever they do, no sentence comes to anybody whom it may not come to, and nobody
/// appears to vouch for what somebody else said.
@Suite struct ReferenceMonitorTests {
    private static let privileges = ["T", "bob", "alice/app", "alice", "alice&bob", "alice|bob", "F"]
    private static let starts = ["T,T", "T,T", "alice,T", "bob,bob", "alice&bob,T", "T,alice/app"]

    private static var seeds: Range<UInt64> {
        let factor = ProcessInfo.processInfo.environment["SWIFTLET_CHAOS"].flatMap { UInt64($0) } ?? 1
        return 0..<8 * factor
    }

    @Test func `no sentence comes to who may not have it`() async throws {
        var received = 0
        for seed in Self.seeds {
            try await Fixture.run { fixture in
                try await fixture.prepareForAdversaries()
                var schedule = SeededGenerator(seed: seed)
                var monitor = ReferenceMonitor()
                let next = Sentence()
                for life in 0..<40 as Range<UInt64> {
                    var actors: [ReferenceMonitor.Actor] = []
                    var adversaries: [Adversary] = []
                    for number in 0..<4 as Range<UInt64> {
                        let privilege = Self.privileges.randomElement(using: &schedule) ?? "T"
                        let start = Self.starts.randomElement(using: &schedule) ?? "T,T"
                        actors.append(ReferenceMonitor.Actor(privilege: privilege, label: start))
                        adversaries.append(
                            Adversary(
                                try fixture.caller(privilege, start), seed: (seed &* 131 &+ life) &* 31 &+ number,
                                hashes: [String(repeating: "0", count: 64)],
                                sentence: { next.bytes.withLock { $0 } }))
                    }
                    for _ in 0..<40 {
                        let turn = Int.random(in: 0..<actors.count, using: &schedule)
                        let sentence = monitor.sentence(of: actors[turn])
                        next.bytes.withLock { $0 = sentence }
                        let (operation, reply) = await adversaries[turn].act()
                        let now = adversaries[turn].calls.label?.description ?? "F,T"
                        let wrong = monitor.told(&actors[turn], reply, label: now)
                        #expect(wrong == nil, "seed \(seed), \(operation)")
                    }
                }
                received += monitor.received
            }
        }
        #expect(received > 60, "so many sentences were read: else this shows nothing")
    }
}

/// What the next program says if it says something of its own.
private final class Sentence: Sendable {
    let bytes = Mutex<[UInt8]>([])
}
