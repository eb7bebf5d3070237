public import Model

/// Calls that a client sent together under a number of its own.
public struct App: Hashable, Sendable {
    /// Whose number it is: numbers of different accounts have nothing to do with each other.
    public var owner: UUID7
    public var number: Int64
    public var createdAt: Timestamp
    /// What the face that made it wants to know of it later.
    public var record: [UInt8]

    public init(owner: UUID7, number: Int64, createdAt: Timestamp, record: [UInt8]) {
        self.owner = owner
        self.number = number
        self.createdAt = createdAt
        self.record = record
    }
}

/// Which calls clients sent together. What became of these is told by their executions.
public protocol AppStore: Sendable {
    /// Stores an app, in the place of one of the same owner and number. Returns when it is on disk.
    func put(_ app: App) async throws
    func app(_ number: Int64, of owner: UUID7) async throws -> App?
    /// The apps of an account, the newest first.
    func apps(of owner: UUID7, limit: Int) async throws -> [App]
    func deleteApps(_ numbers: [Int64], of owner: UUID7) async throws
    /// Deletes apps that were made before a time, and returns how many.
    func pruneApps(createdBefore time: Timestamp) async throws -> Int
}
