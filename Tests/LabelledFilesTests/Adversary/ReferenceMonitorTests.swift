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
        var (received, sent) = (0, 0)
        for seed in Self.seeds {
            try await Fixture.run { fixture in
                try await fixture.prepareForAdversaries()
                var schedule = SeededGenerator(seed: seed)
                var monitor = ReferenceMonitor()
                let next = Sentence()
                let outside = Outside()
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
                                hashes: [String(repeating: "0", count: 64)], runner: outside,
                                sentence: { next.bytes.withLock { $0 } }))
                    }
                    for _ in 0..<40 {
                        let turn = Int.random(in: 0..<actors.count, using: &schedule)
                        let sentence = monitor.sentence(of: actors[turn])
                        next.bytes.withLock { $0 = sentence }
                        let foreign = monitor.foreignSentence()
                        outside.answer(with: foreign.bytes)
                        let (operation, reply) = await adversaries[turn].act()
                        let now = adversaries[turn].calls.label?.description ?? "F,T"
                        var wrong: [String?] = outside.take().map {
                            monitor.heard($0, from: actors[turn], answered: foreign.number)
                        }
                        wrong.append(monitor.told(&actors[turn], reply, label: now))
                        #expect(wrong.allSatisfy { $0 == nil }, "seed \(seed), \(operation): \(wrong)")
                    }
                }
                received += monitor.received
                sent += monitor.sent
            }
        }
        #expect(received > 60, "so many sentences were read: else this shows nothing")
        #expect(sent > 10, "so many left the system: else this shows nothing")
    }
}

/// The world outside, which hears what services send, and answers.
private final class Outside: LabelledCallRunner {
    private let state = Mutex<(heard: [ServiceRequest], answer: [UInt8])>(([], []))

    func answer(with bytes: [UInt8]) { state.withLock { $0.answer = bytes } }

    /// What was heard since this was asked last.
    func take() -> [ServiceRequest] {
        state.withLock { state in
            defer { state.heard = [] }
            return state.heard
        }
    }

    func send(_ request: ServiceRequest) async throws -> CallReply {
        let answer = state.withLock { state in
            state.heard.append(request)
            return state.answer
        }
        return CallReply(succeeded: true, status: 200, body: answer, label: .public)
    }

    func run(_ call: GateCall) async throws -> CallReply { CallReply(succeeded: true, status: 200, label: .public) }

    func result(of invocation: String) async throws -> CallReply? { nil }
}

/// What the next program says if it says something of its own.
private final class Sentence: Sendable {
    let bytes = Mutex<[UInt8]>([])
}
