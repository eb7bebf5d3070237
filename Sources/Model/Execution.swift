/// Where an execution is in its life. `queued → running → one of the others`.
public enum ExecutionStatus: String, Hashable, Sendable, Codable, CaseIterable {
    case queued, running, succeeded, failed, cancelled
    case timedOut = "timed-out"

    /// Whether nothing more will happen to it.
    public var isFinal: Bool { self != .queued && self != .running }
}

/// What an execution does.
public enum ExecutionTask: String, Hashable, Sendable, Codable, CaseIterable {
    case runFunction = "run_function"
    case createFunction = "create_function"
    case updateFunction = "update_function"
    case deleteFunction = "delete_function"
    case createSpot = "create_spot"
    case deleteSpot = "delete_spot"
    case replaceSpot = "replace_spot"
    case refreshSpot = "refresh_ip"
}

/// How a call came in.
public enum ExecutionTrigger: String, Hashable, Sendable, Codable, CaseIterable {
    /// The caller waits on the connection.
    case synchronous
    /// Queued for later.
    case asynchronous
    /// Called by another function.
    case chained
    /// Not a call: an act of administration that is recorded like one.
    case administrative
}

/// Which stream a line was printed to.
public enum LogStream: String, Hashable, Sendable, Codable {
    case stdout, stderr
}

/// One printed line, without its line end.
public struct LogLine: Hashable, Sendable, Codable {
    public var time: Timestamp
    public var stream: LogStream
    public var text: String

    public init(time: Timestamp, stream: LogStream, text: String) {
        self.time = time
        self.stream = stream
        self.text = text
    }
}

/// Why an execution did not succeed.
public struct ExecutionFault: Error, Hashable, Sendable, Codable {
    /// Whose fault it is, and of what kind.
    public enum Kind: String, Hashable, Sendable, Codable {
        /// The user's code raised.
        case raised
        /// `sys.exit` with a code other than 0.
        case exited
        /// A limit of time was reached.
        case timedOut = "timed-out"
        /// Another limit was reached.
        case limit
        /// The sandbox trapped: a fault of the interpreter or of raw WebAssembly.
        case trapped
        /// Somebody cancelled it.
        case cancelled
        /// The worker that ran it died.
        case workerLost = "worker-lost"
        /// It had not started when its greatest age was reached.
        case expired
        /// The platform failed.
        case platform
    }

    public var kind: Kind
    /// The name of the Python exception, or a name in its manner.
    public var type: String
    public var message: String
    /// The Python traceback, the user's frames only.
    public var traceback: String?
    public var file: String?
    public var line: Int?
    public var column: Int?
    /// The line of source that a syntax error points at.
    public var text: String?
    public var exitCode: Int?

    public init(
        kind: Kind, type: String, message: String, traceback: String? = nil, file: String? = nil, line: Int? = nil,
        column: Int? = nil, text: String? = nil, exitCode: Int? = nil
    ) {
        self.kind = kind
        self.type = type
        self.message = message
        self.traceback = traceback
        self.file = file
        self.line = line
        self.column = column
        self.text = text
        self.exitCode = exitCode
    }

    /// `Type: message`, as Python prints it.
    public var summary: String { message.isEmpty ? type : "\(type): \(message)" }
}

/// What an execution used.
public struct ResourceUsage: Hashable, Sendable, Codable {
    public var wallMicroseconds: Int64
    public var cpuMicroseconds: Int64
    /// Linear memory at the end, which only grows during a call.
    public var peakMemoryBytes: Int64

    public init(wallMicroseconds: Int64 = 0, cpuMicroseconds: Int64 = 0, peakMemoryBytes: Int64 = 0) {
        self.wallMicroseconds = wallMicroseconds
        self.cpuMicroseconds = cpuMicroseconds
        self.peakMemoryBytes = peakMemoryBytes
    }
}

/// The record of one call, or of one administrative act.
public struct Execution: Hashable, Sendable, Codable {
    public var id: ExecutionID
    public var task: ExecutionTask
    public var trigger: ExecutionTrigger
    /// The function as it was called, and its version where that is settled.
    public var function: FunctionKey?
    public var version: Int?
    public var status: ExecutionStatus
    /// Encoded arguments (JSON).
    public var input: [UInt8]
    /// Encoded result (JSON); nil until there is one.
    public var output: [UInt8]?
    public var logs: [LogLine]
    public var fault: ExecutionFault?
    /// How often it was started.
    public var attempts: Int
    public var createdAt: Timestamp
    public var startedAt: Timestamp?
    public var finishedAt: Timestamp?
    public var usage: ResourceUsage
    /// The call that chained it.
    public var parent: ExecutionID?
    /// The client's call that it came of, and its number among all that did; nil where nobody chained it.
    public var root: ExecutionID?
    public var callNumber: Int32?
    public var detail: CallDetail?
    /// Higher ones start first.
    public var priority: Int
    /// It starts no earlier: a delayed start, or the pause before another attempt.
    public var notBefore: Timestamp?
    /// Where it has not started by then, it ends as failed.
    public var expiresAt: Timestamp?
    /// Where its end is to be told.
    public var callback: String?
    /// What it was queued together with.
    public var batch: BatchID?
    /// Whether it failed for good and waits for somebody to look at it.
    public var isDead: Bool
    /// The dead letter that it repeats.
    public var redrivenFrom: ExecutionID?

    public init(
        id: ExecutionID, task: ExecutionTask, trigger: ExecutionTrigger, function: FunctionKey?, version: Int? = nil,
        status: ExecutionStatus, input: [UInt8] = [], output: [UInt8]? = nil, logs: [LogLine] = [],
        fault: ExecutionFault? = nil, attempts: Int = 0, createdAt: Timestamp, startedAt: Timestamp? = nil,
        finishedAt: Timestamp? = nil, usage: ResourceUsage = ResourceUsage(), parent: ExecutionID? = nil,
        root: ExecutionID? = nil, callNumber: Int32? = nil, detail: CallDetail? = nil, priority: Int = 0,
        notBefore: Timestamp? = nil, expiresAt: Timestamp? = nil, callback: String? = nil, batch: BatchID? = nil,
        isDead: Bool = false, redrivenFrom: ExecutionID? = nil
    ) {
        self.id = id
        self.task = task
        self.trigger = trigger
        self.function = function
        self.version = version
        self.status = status
        self.input = input
        self.output = output
        self.logs = logs
        self.fault = fault
        self.attempts = attempts
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.usage = usage
        self.parent = parent
        self.root = root
        self.callNumber = callNumber
        self.detail = detail
        self.priority = priority
        self.notBefore = notBefore
        self.expiresAt = expiresAt
        self.callback = callback
        self.batch = batch
        self.isDead = isDead
        self.redrivenFrom = redrivenFrom
    }
}
