internal import Model

/// What workers are made from, and how much may wait for them. How many there are is up to the spots.
public struct WorkerPoolConfiguration: Sendable {
    /// This program, which is also the workers'.
    public var executablePath: String
    /// The folder with `python.wasm`, `stdlib.zip` and `manifest.json`.
    public var guestFolder: String
    /// Where compiled code is kept between starts, shared by servers of one user.
    public var codeFolder: String
    /// Where this server keeps images.
    public var imagesFolder: String
    /// How many calls of a worker may be under way, those that wait for something included; more where more compute.
    public var threadsPerWorker: Int
    /// How many calls may wait for a worker; one more is refused.
    public var queueLimit: Int
    /// While so many calls wait for other calls, none is started that no other call waits for.
    public var maximumWaitingCalls: Int
    /// Whom workers become where the server runs as root.
    public var userID: UInt32
    public var groupID: UInt32

    /// `nobody` on Debian.
    public static let nobody: UInt32 = 65534

    public init(
        executablePath: String, guestFolder: String, codeFolder: String, imagesFolder: String,
        threadsPerWorker: Int = 32, queueLimit: Int = 1024, maximumWaitingCalls: Int = 1000, userID: UInt32 = nobody,
        groupID: UInt32 = nobody
    ) {
        self.executablePath = executablePath
        self.guestFolder = guestFolder
        self.codeFolder = codeFolder
        self.imagesFolder = imagesFolder
        self.threadsPerWorker = threadsPerWorker
        self.queueLimit = queueLimit
        self.maximumWaitingCalls = maximumWaitingCalls
        self.userID = userID
        self.groupID = groupID
    }

    func threads(for size: SpotSize) -> Int { max(threadsPerWorker, size.maximumWorkers) }
}

/// Why workers cannot be had, with what to do about it.
public struct WorkerError: Error, Sendable, Equatable, CustomStringConvertible {
    public let message: String
    public init(_ message: String) { self.message = message }
    public var description: String { message }
}
