internal import Glibc
public import Model
internal import Wasmtime

/// What a guest is given for one run: inputs in parts, limits, and who answers the requests that leave the sandbox.
public struct Run: Sendable {
    /// What the guest fetches by number; see `guest/python/swiftlet_runtime/host.py`.
    public var parts: [[UInt8]]
    public var limits: FunctionLimits
    /// Answers requests that the sandbox does not answer itself. Called on the guest's thread, which may wait in it.
    public var hostCalls: (any HostCallHandler)?
    /// What a raw WebAssembly function is given as a program; the first of `parts` is its standard input. Nil: Python.
    public var program: ProgramInput?
    /// Copies of the shared state that it sees; nil: it has none.
    public var state: StateReader?

    public init(
        parts: [[UInt8]], limits: FunctionLimits, hostCalls: (any HostCallHandler)? = nil, program: ProgramInput? = nil,
        state: StateReader? = nil
    ) {
        self.state = state
        self.parts = parts
        self.limits = limits
        self.hostCalls = hostCalls
        self.program = program
    }
}

/// What a program gets from who starts it.
public struct ProgramInput: Sendable, Equatable {
    /// Its name first.
    public var arguments: [String]
    /// Each as `NAME=VALUE`.
    public var environment: [String]
    /// Which function is called: an exported one, or `#` and the index of one in the function table. Empty: the usual one.
    public var entry: String

    public init(arguments: [String] = ["function.wasm"], environment: [String] = [], entry: String = "") {
        self.arguments = arguments
        self.environment = environment
        self.entry = entry
    }
}

/// Answers a guest's requests to the platform.
public protocol HostCallHandler: Sendable {
    /// Takes lines that a run has printed, now and then while it goes on. Called on the guest's thread.
    func printed(_ lines: [LogLine])

    /// Handles operation `operation`; the failure is a sentence for the user. Ends early where `interruption` says so.
    func handle(_ operation: UInt32, _ request: [UInt8], _ interruption: Interruption) -> Result<
        [UInt8], HostCallFailure
    >
}

extension HostCallHandler {
    /// Nobody looks at what is printed before the end.
    public func printed(_ lines: [LogLine]) {}
}

/// Why the host refuses a guest's request: a sentence for the user.
public struct HostCallFailure: Error, Sendable, Equatable {
    public let message: String
    public init(_ message: String) { self.message = message }
}

/// All that belongs to one run and dies with it. Used by the guest's thread only, but for `interruption`.
final class Session {
    let memory: GuestMemory
    var limits: FunctionLimits
    var files: FileSystem
    let interruption: Interruption
    var log: LogCollector

    /// What a raw function's run has beside that; nil for Python.
    let program: ProgramState?

    private var parts: [[UInt8]]
    /// What the guest has sent of its answer while it makes it, and is not handed over yet.
    private var answerParts = AnswerParts()
    private let hostCalls: (any HostCallHandler)?
    private let permits: any Permits
    private let state: StateReader?
    private var pendingReply: HostAnswer?
    private var hostCallCount = 0
    /// When lines were last shown, by the monotonic clock; at first, when the run began.
    private var shownAt = Clock.monotonicNanoseconds()
    /// Short runs show nothing before their end, and long ones no more often than this, in nanoseconds.
    private static let showInterval: Int64 = 100_000_000

    /// What the guest handed over.
    private(set) var output: [UInt8]?
    private(set) var outputWasCut = false
    private(set) var errorReport: [UInt8]?
    /// What the guest gave to `proc_exit`.
    var exitCode: Int32?

    /// Error reports are ours, so their limit is not the user's.
    private static let maximumErrorReportBytes = 1 << 20

    init(_ run: Run, memory: GuestMemory, tree: FileTree, interruption: Interruption, permits: any Permits) {
        self.memory = memory
        self.interruption = interruption
        self.permits = permits
        limits = run.limits
        parts = run.parts
        hostCalls = run.hostCalls
        state = run.state
        program = run.program.map { ProgramState($0, standardInput: run.parts.first ?? []) }
        files = FileSystem(
            tree: tree, preopens: run.program == nil ? FileSystem.root : FileSystem.programPreopens,
            now: { Clock.realtimeNanoseconds() })
        log = LogCollector(limitBytes: run.limits.logBytes)
    }

    /// Waits as the guest asked, up to `deadline` of the monotonic clock, without holding a permit to compute.
    /// False where the run is to end instead.
    func sleep(until deadline: Int64) -> Bool {
        showPrinted(at: deadline)
        _ = sendParts()
        permits.release()
        defer { permits.acquire() }
        return interruption.wait(until: deadline)
    }

    /// Hands over what was printed, if by `time` there was nothing shown for long enough: now, or the end of a wait.
    func showPrinted(at time: Int64) {
        guard log.hasNew, let hostCalls, time - shownAt >= Self.showInterval else { return }
        shownAt = Clock.monotonicNanoseconds()
        hostCalls.printed(log.takeNew())
    }

    // MARK: The guest's requests

    /// Counts one request; ends the run where it made too many.
    func countHostCall() throws(HostTrap) {
        hostCallCount += 1
        guard hostCallCount <= limits.hostCalls else {
            throw HostTrap("the limit of \(limits.hostCalls) host calls was reached")
        }
    }

    /// Answers one request that came through the guest's `swiftlet.call` import. The high half of the result is 0 for an answer
    /// and 1 for a message of refusal, the low half its length.
    func answer(
        _ operation: UInt32, request: (UInt32, UInt32), reply: (UInt32, UInt32)
    ) throws(HostTrap) -> Int64 {
        if operation == HostOperation.fetch.rawValue {
            guard let pending = pendingReply else { throw HostTrap("a reply was fetched that does not exist") }
            guard pending.count <= Int(reply.1) else { throw HostTrap("a reply was fetched into too small a buffer") }
            try put(pending, reply)
            pendingReply = nil
            return Int64(pending.count)
        }
        // Parts of an answer have a limit of their own, and are put together where there are many.
        if operation != HostOperation.part.rawValue { try countHostCall() }
        guard pendingReply == nil else { throw HostTrap("a request was made before the last reply was fetched") }
        switch handle(operation, try fetchRequest(operation, request)) {
        case .success(let answer): return try deliver(answer, status: 0, reply)
        case .failure(let failure): return try deliver(HostAnswer(Array(failure.message.utf8)), status: 1, reply)
        }
    }

    private func fetchRequest(_ operation: UInt32, _ range: (UInt32, UInt32)) throws(HostTrap) -> [UInt8] {
        let kept: UInt32
        switch HostOperation(rawValue: operation) {
        case .output:
            outputWasCut = Int(range.1) > limits.outputBytes
            kept = min(range.1, UInt32(clamping: limits.outputBytes))
        case .error: kept = min(range.1, UInt32(Self.maximumErrorReportBytes))
        case .part: kept = min(range.1, UInt32(AnswerParts.maximumBytes + 1))
        default:
            guard Int(range.1) <= limits.inputBytes else {
                throw HostTrap("a request of \(range.1) bytes exceeds the limit of \(limits.inputBytes)")
            }
            kept = range.1
        }
        return try memory.access { view throws(HostTrap) in
            _ = try view.bytes(range.0, range.1)
            return Array(try view.bytes(range.0, kept))
        }
    }

    /// Asks the platform for something on the guest's behalf.
    func ask(_ operation: UInt32, _ request: [UInt8]) throws(HostTrap) -> Result<[UInt8], HostCallFailure> {
        try countHostCall()
        return handle(operation, request).map(\.joined)
    }

    /// Takes what the guest hands over as its output; the last time counts.
    func setOutput(_ bytes: [UInt8], wasCut: Bool) {
        output = bytes
        outputWasCut = wasCut
    }

    /// What is left of the run when it has ended so.
    func outcome(_ ending: RunEnding, _ usage: ResourceUsage) -> RunOutcome {
        var ending = ending
        let hasResult = output != nil && errorReport == nil && ending == .returned
        if let code = exitCode, program == nil {
            ending = .exited(code: code)
        } else if let reason = interruption.reason, program == nil ? !hasResult : ending.isTrap {
            ending = .interrupted(reason)
        } else if case .trapped = ending, memory.wasRefusedGrowth {
            ending = .memoryLimit
        }
        log.finish(now: Clock.timestamp())
        return RunOutcome(
            ending: ending, output: output, outputWasCut: outputWasCut, errorReport: errorReport, logs: log.lines,
            usage: usage, openPaths: files.openPaths)
    }

    private func handle(_ operation: UInt32, _ request: [UInt8]) -> Result<HostAnswer, HostCallFailure> {
        switch HostOperation(rawValue: operation) {
        case .input:
            guard request.count == 1, parts.indices.contains(Int(request[0])) else { return .success(HostAnswer([])) }
            return .success(HostAnswer(parts[Int(request[0])]))
        case .output:
            output = request
            return .success(HostAnswer([]))
        case .error:
            errorReport = request
            return .success(HostAnswer([]))
        case .part:
            guard answerParts.mayTake(request.count) else {
                return .failure(
                    HostCallFailure("OSError\nan answer may have no more than \(AnswerParts.maximumBytes) bytes"))
            }
            // An empty part says that nothing more comes for now.
            let isDue = request.isEmpty || answerParts.take(request, now: Clock.monotonicNanoseconds())
            return isDue ? sendParts() : .success(HostAnswer([]))
        case .fetch, nil:
            if let answer = state?.answer(operation, request) { return .success(answer) }
            _ = sendParts()
            return forward(operation, request)
        }
    }

    /// Hands over what is held of the answer. Returns when its reader has taken it, so that no more than that is ever held.
    private func sendParts() -> Result<HostAnswer, HostCallFailure> {
        for piece in answerParts.release() {
            if case .failure(let failure) = forward(HostOperation.part.rawValue, piece) { return .failure(failure) }
        }
        return .success(HostAnswer([]))
    }

    private func forward(_ operation: UInt32, _ request: [UInt8]) -> Result<HostAnswer, HostCallFailure> {
        guard let hostCalls else { return .failure(HostCallFailure("the host knows no operation \(operation)")) }
        permits.release()
        defer { permits.acquire() }
        return hostCalls.handle(operation, request, interruption).map(HostAnswer.init)
    }

    private func deliver(_ answer: HostAnswer, status: Int64, _ reply: (UInt32, UInt32)) throws(HostTrap) -> Int64 {
        if answer.count > Int(reply.1) { pendingReply = answer } else { try put(answer, reply) }
        return status << 32 | Int64(answer.count)
    }

    private func put(_ answer: HostAnswer, _ range: (UInt32, UInt32)) throws(HostTrap) {
        try memory.access { view throws(HostTrap) in
            answer.copy(to: try view.bytes(range.0, UInt32(answer.count)))
        }
    }
}

/// The requests that a sandbox answers itself, or, of `part`, puts together; all others go to the platform. See `guest/python/swiftlet_runtime/host.py`.
enum HostOperation: UInt32 {
    case fetch = 0
    case input = 1
    case output = 2
    case error = 3
    case part = 4
}
