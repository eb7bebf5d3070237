import Crypto
import Foundation
import Labels
import Model
import Testing

@testable import LabelledFiles

/// Two worlds that differ only in what alice keeps secret. Whoever may not know it must not be able to tell them apart.
@Suite struct NonInterferenceTests {
    /// What all adversaries together can act with; none can shed what is alice's.
    private static let coalition = "bob&carol&alice/app"
    private static let privileges = ["T", "bob", "alice/app", "carol", "bob&alice/app", "alice/app/x"]

    /// Worlds that are tried; `SWIFTLET_CHAOS` multiplies them.
    private static var seeds: Range<UInt64> {
        let factor = ProcessInfo.processInfo.environment["SWIFTLET_CHAOS"].flatMap { UInt64($0) } ?? 1
        return 0..<8 * factor
    }

    private func makeWorld(_ fixture: Fixture, secret: Bool) async throws {
        try await fixture.prepareForAdversaries()
        var alice = try fixture.caller("alice")
        let content = Array((secret ? "1" : "0").utf8)
        for (place, own) in [("~:secret", "alice,alice"), ("pub:box", "alice,T")] {
            _ = try await alice.createFile(path(place), label: label(own))
            try await alice.write(content, to: alice.resolve(path(place)))
        }
        try await fixture.put(content, at: "~:photo", as: "alice", label: "alice,T")
        if secret {
            try await alice.createDirectory(path("~:maybe"), label: .public)
            try await fixture.put(content, at: "home:<alice,bob>:a", as: "alice&bob", label: "alice,T")
            try await fixture.put(content, at: "home:<alice,T>:a", as: "alice", label: "alice,T")
        }
    }

    private static func hash(_ text: String) -> String {
        BlobHash(bytes: Array(SHA256.hash(data: Array(text.utf8))))?.description ?? ""
    }

    /// What every adversary was told for as long as it was to know nothing secret.
    private func observe(seed: UInt64, secret: Bool) async throws -> [[String]] {
        var seen: [[String]] = []
        try await Fixture.run { fixture in
            try await makeWorld(fixture, secret: secret)
            var schedule = SeededGenerator(seed: seed)
            let coalition = try component(Self.coalition)
            let hashes = ["0", "1", "x"].map { Self.hash($0) }
            for life in 0..<40 as Range<UInt64> {
                var actors: [(adversary: Adversary, isHigh: Bool)] = []
                for number in 0..<4 as Range<UInt64> {
                    let privilege = Self.privileges.randomElement(using: &schedule) ?? "T"
                    // Those who begin with the secret may do something else in each world.
                    let isHigh = number == 0
                    let caller = try fixture.caller(privilege, isHigh ? "alice,T" : "T,T")
                    let own = (seed &* 8191 &+ life) &* 31 &+ number &+ (isHigh && secret ? 77 : 0)
                    actors.append((Adversary(caller, seed: own, hashes: hashes), isHigh))
                    seen.append([])
                }
                for _ in 0..<40 {
                    let turn = Int.random(in: 0..<actors.count, using: &schedule)
                    let (operation, reply) = await actors[turn].adversary.act()
                    let now = actors[turn].adversary.calls.label ?? .top
                    actors[turn].isHigh = actors[turn].isHigh || !now.canFlow(to: .public, with: coalition)
                    let told = actors[turn].isHigh ? "something secret" : "\(operation): \(reply) \(now)"
                    let place = seen.count - actors.count + turn
                    if seen[place].last != "something secret" { seen[place].append(told) }
                }
            }
        }
        return seen
    }

    @Test func `nobody can tell what they may not know`() async throws {
        var knowledge = 0
        for seed in Self.seeds {
            let (first, second) = try await (observe(seed: seed, secret: false), observe(seed: seed, secret: true))
            for (actor, (one, other)) in zip(first, second).enumerated() {
                let difference = zip(one, other).first { $0 != $1 }
                #expect(one == other, "seed \(seed), actor \(actor): \(difference as Any)")
                knowledge += one.count { $0.contains("[[0]") }
            }
        }
        #expect(knowledge > 500, "so many things were done: else this shows nothing")
    }
}
