/// Why a run in a sandbox was ended from outside.
public enum InterruptionReason: Hashable, Sendable {
    case wallTime(milliseconds: Int)
    case cpuTime(milliseconds: Int)
    case cancelled
}

/// How a run in a sandbox ended.
public enum RunEnding: Hashable, Sendable {
    /// The entry returned; what it handed over is in the outcome.
    case returned
    /// `os._exit`, or the interpreter ended itself.
    case exited(code: Int32)
    /// The watchdog or a cancel ended it.
    case interrupted(InterruptionReason)
    /// The guest asked for more memory than its limit and did not survive that.
    case memoryLimit
    /// The guest trapped: the trap's sentence, and on further lines where that was, innermost function first.
    case trapped(String)

    public var isTrap: Bool { if case .trapped = self { true } else { false } }
}

/// What a run in a sandbox left behind: plain facts, before anybody judges them.
public struct RunOutcome: Hashable, Sendable {
    public var ending: RunEnding
    /// The encoded result, up to its limit.
    public var output: [UInt8]?
    public var outputWasCut: Bool
    /// A JSON object made by `guest/python/swiftlet_runtime/faults.py`; nil where nothing was raised.
    public var errorReport: [UInt8]?
    public var logs: [LogLine]
    public var usage: ResourceUsage
    /// Files that the guest left open.
    public var openPaths: [String]

    public init(
        ending: RunEnding, output: [UInt8]?, outputWasCut: Bool, errorReport: [UInt8]?, logs: [LogLine],
        usage: ResourceUsage,
        openPaths: [String]
    ) {
        self.ending = ending
        self.output = output
        self.outputWasCut = outputWasCut
        self.errorReport = errorReport
        self.logs = logs
        self.usage = usage
        self.openPaths = openPaths
    }
}
