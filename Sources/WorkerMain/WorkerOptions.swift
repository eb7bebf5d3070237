/// What a worker process is started with. All paths are opened before the process gives up opening files.
public struct WorkerOptions: Sendable {
    /// The inherited socket to the server.
    public var socket: Int32
    public var compiledCodePath: String
    public var libraryPath: String
    /// 64 hexadecimal digits.
    public var interpreter: String
    /// How many runs compute at once.
    public var permits: Int
    /// How many runs may be under way, those left out that wait for other calls.
    public var threads: Int
    /// How many runs may wait for other calls.
    public var waiting: Int
    /// How many sandboxes are kept ready.
    public var ready: Int
    /// Whom to become where started as root; 0: nobody else.
    public var userID: UInt32
    public var groupID: UInt32

    public init(
        socket: Int32, compiledCodePath: String, libraryPath: String, interpreter: String, permits: Int, threads: Int,
        waiting: Int = 0, ready: Int = 1, userID: UInt32 = 0, groupID: UInt32 = 0
    ) {
        self.socket = socket
        self.compiledCodePath = compiledCodePath
        self.libraryPath = libraryPath
        self.interpreter = interpreter
        self.permits = permits
        self.threads = threads
        self.waiting = waiting
        self.ready = ready
        self.userID = userID
        self.groupID = groupID
    }
}
