/// How many sandboxes each spot has.
public struct SpotSize: Hashable, Sendable, Codable {
    /// Sandboxes that are kept ready.
    public var minimumWorkers: Int
    /// Calls that compute at one time. One that waits (sleeps, or asks the platform for something) does not count.
    public var maximumWorkers: Int

    public init(minimumWorkers: Int, maximumWorkers: Int) {
        self.minimumWorkers = minimumWorkers
        self.maximumWorkers = maximumWorkers
    }

    /// The most workers that a spot may be given.
    public static let largest = 1024

    /// Whether `1 <= minimum <= maximum`, within what is possible.
    public var isPossible: Bool {
        1 <= minimumWorkers && minimumWorkers <= maximumWorkers && maximumWorkers <= Self.largest
    }
}

/// What names a spot to users: `127.0.1.N`, where N counts upwards from 1 and carries over into the third number.
public struct SpotAddress: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    public let number: Int

    public init(number: Int) { self.number = number }

    /// Reads an address; nil where the text is none.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard parts.count == 4, parts[0] == 127, let second = parts[1], let third = parts[2], let last = parts[3] else {
            return nil
        }
        self.init(number: (Int(second) << 16 | Int(third) << 8 | Int(last)) - Self.offset)
        guard number > 0, description == text else { return nil }
    }

    public init(from decoder: any Decoder) throws { number = try Int(from: decoder) }

    public func encode(to encoder: any Encoder) throws { try number.encode(to: encoder) }

    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    public var description: String {
        let value = number + Self.offset
        return "127.\(value >> 16 & 255).\(value >> 8 & 255).\(value & 255)"
    }

    /// What stands for `127.0.1.0`.
    private static let offset = 256
}

/// One spot: a group of workers that runs calls.
public struct Spot: Hashable, Sendable, Codable {
    /// Where a spot is in its life. One that is gone is in no list.
    public enum State: String, Hashable, Sendable, Codable {
        /// Its workers start.
        case creating
        /// It takes calls.
        case ready
        /// It takes no more calls, and goes when those that it has have ended.
        case draining
    }

    /// What names it to the workers' host; it stays when the address changes.
    public var id: Int
    public var address: SpotAddress
    public var state: State
    public var createdAt: Timestamp

    public init(id: Int, address: SpotAddress, state: State, createdAt: Timestamp) {
        self.id = id
        self.address = address
        self.state = state
        self.createdAt = createdAt
    }
}

/// A change of spots that was accepted and is not finished.
public struct SpotChange: Hashable, Sendable, Codable {
    /// The execution by which users follow it.
    public var execution: ExecutionID
    public var task: ExecutionTask
    /// The spot that it makes.
    public var made: Int?
    /// The spot that it takes away.
    public var removed: Int?
    public var createdAt: Timestamp

    public init(
        execution: ExecutionID, task: ExecutionTask, made: Int? = nil, removed: Int? = nil, createdAt: Timestamp
    ) {
        self.execution = execution
        self.task = task
        self.made = made
        self.removed = removed
        self.createdAt = createdAt
    }
}

/// All spots, what is being done to them, and the next address: what a restart goes on from.
public struct SpotRoster: Hashable, Sendable, Codable {
    public var nextNumber: Int
    public var size: SpotSize
    public var spots: [Spot]
    public var changes: [SpotChange]

    public init(nextNumber: Int = 1, size: SpotSize, spots: [Spot] = [], changes: [SpotChange] = []) {
        self.nextNumber = nextNumber
        self.size = size
        self.spots = spots
        self.changes = changes
    }
}

/// What gives spots their workers.
public protocol SpotHost: Sendable {
    /// Starts the workers of spot `id` and returns when they take calls.
    func openSpot(_ id: Int, _ size: SpotSize) async throws(SandboxRefusal)

    /// Gives an open spot workers of another size. Returns when they take calls; the old ones end with the calls that they have.
    func resizeSpot(_ id: Int, _ size: SpotSize) async throws(SandboxRefusal)

    /// Lets a spot take no more calls. Returns when those that it has have ended and its workers are gone.
    func closeSpot(_ id: Int) async
}

/// Sandboxes that have no workers of their own need do nothing.
extension SpotHost {
    public func openSpot(_ id: Int, _ size: SpotSize) async throws(SandboxRefusal) {}
    public func resizeSpot(_ id: Int, _ size: SpotSize) async throws(SandboxRefusal) {}
    public func closeSpot(_ id: Int) async {}
}
