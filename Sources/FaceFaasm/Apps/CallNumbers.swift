import Model
import Synchronization

/// The numbers of calls that clients did not number themselves. That of a synchronous call is in its execution's id, which says
/// when it was made, too: so it is found again without being kept anywhere.
///
/// A number comes back after nine hours, and then stands for the newest call that had it.
final class CallNumbers: Sendable {
    /// Beyond what clients choose and what chained calls have.
    static let first: Int64 = 1_500_000_000
    /// Numbers that one second has.
    private static let perSecond: Int64 = 20_000
    /// Seconds after which numbers come back.
    private static let seconds: Int64 = 32_000

    private let count = Atomic<Int64>(0)

    func next(at time: Timestamp) -> Int64 {
        let place = count.add(1, ordering: .relaxed).oldValue % Self.perSecond
        return Self.first + Self.second(of: time) % Self.seconds * Self.perSecond + place
    }

    /// A number, and an id like `id` that has it in it.
    func next(in id: ExecutionID) -> (number: Int64, id: ExecutionID) {
        let number = next(at: Timestamp(microseconds: Int64(id.high >> 16) * 1000))
        return (number, ExecutionID(high: id.high, low: id.low & ~0xFFFF_FFFF | UInt64(number)))
    }

    static func isIn(_ id: ExecutionID, _ number: Int64) -> Bool { id.low & 0xFFFF_FFFF == UInt64(number) }

    /// The seconds in which a call of this number can have been made, the last one first, for a day; none where there is no such
    /// number.
    static func seconds(of number: Int64, before now: Timestamp) -> [Range<Timestamp>] {
        let (part, limit) = ((number - first) / perSecond, Int64(86_400))
        guard number >= first, part < seconds else { return [] }
        let today = second(of: now)
        let start = today - (today - part) % seconds
        return stride(from: start, to: today - limit, by: -Int(seconds)).map { second in
            Timestamp(microseconds: second * 1_000_000)..<Timestamp(microseconds: (second + 1) * 1_000_000)
        }
    }

    private static func second(of time: Timestamp) -> Int64 { time.microseconds / 1_000_000 }
}
