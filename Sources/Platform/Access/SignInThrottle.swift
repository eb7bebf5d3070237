import Model

/// Slows down who guesses passwords: after some wrong ones for a name, each further try must wait longer. Pure.
///
/// Names share a fixed number of places, so that made-up ones cannot fill memory; the hash is seeded anew in each process.
struct SignInThrottle {
    static let freeTries = 5
    static let longestWait: Duration = .seconds(60)
    /// After this time without a try, a name may be tried freely again.
    static let memory: Duration = .seconds(900)

    private struct Place {
        var failures = 0
        var last = Timestamp(microseconds: 0)
    }

    private var places: [Place]

    init(places: Int = 16_384) { self.places = Array(repeating: Place(), count: places) }

    /// Counts a try, which is a failure until ``succeeded(_:)``. Returns nil, or in how many seconds one may be made.
    mutating func begin(_ name: String, at now: Timestamp) -> Int? {
        let index = index(name)
        if now.since(places[index].last) > Self.memory { places[index].failures = 0 }
        let failures = places[index].failures
        if failures >= Self.freeTries {
            let wait = min(Self.longestWait, .seconds(1 << min(failures - Self.freeTries, 10)))
            let left = wait.microseconds - now.since(places[index].last).microseconds
            if left > 0 { return Int((left + 999_999) / 1_000_000) }
        }
        places[index].failures += 1
        places[index].last = now
        return nil
    }

    /// The password was wrong: the wait counts from now on, not from before the check.
    mutating func failed(_ name: String, at now: Timestamp) { places[index(name)].last = now }

    mutating func succeeded(_ name: String) { places[index(name)].failures = 0 }

    private func index(_ name: String) -> Int {
        var hasher = Hasher()
        hasher.combine(name)
        return Int(UInt(bitPattern: hasher.finalize()) % UInt(places.count))
    }
}
