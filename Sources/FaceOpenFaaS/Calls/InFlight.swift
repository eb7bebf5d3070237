import Model
import Synchronization

/// How many calls of each function run through this gateway now.
final class InFlight: Sendable {
    private let counts = Mutex<[FunctionKey: Int]>([:])

    /// Counts a call, unless `most` run already.
    func enter(_ key: FunctionKey, atMost most: Int?) -> Bool {
        counts.withLock { counts in
            let count = counts[key, default: 0]
            if let most, count >= most { return false }
            counts[key] = count + 1
            return true
        }
    }

    func leave(_ key: FunctionKey) {
        counts.withLock { counts in
            let count = counts[key, default: 0] - 1
            counts[key] = count > 0 ? count : nil
        }
    }

    var all: [FunctionKey: Int] { counts.withLock { $0 } }
}
