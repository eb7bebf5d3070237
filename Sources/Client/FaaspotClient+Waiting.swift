/// How long, and how often, to ask whether an execution has ended.
public struct WaitPolicy: Hashable, Sendable {
    public var timeout: Duration
    /// The pause after the first question; it doubles until it is `longestInterval`.
    public var firstInterval: Duration
    public var longestInterval: Duration

    public init(
        timeout: Duration = .seconds(600), firstInterval: Duration = .milliseconds(50),
        longestInterval: Duration = .seconds(3)
    ) {
        self.timeout = timeout
        self.firstInterval = firstInterval
        self.longestInterval = longestInterval
    }
}

extension FaaspotClient {
    /// Waits until an execution has ended as `Success`, and returns it. `action` names what is waited for; `progress`
    /// is called once for each question.
    public func wait(
        for id: String, action: String, policy: WaitPolicy = WaitPolicy(), progress: () -> Void = {}
    ) async throws(ClientError) -> JSON {
        let start = ContinuousClock.now
        var pause = policy.firstInterval
        tell(.step, "Waiting for execution \(id)")
        while true {
            let execution = try await execution(id)
            progress()
            switch ExecutionState(execution["status"]?.string ?? "") {
            case .succeeded: return execution
            case .failed: throw Self.failure(of: execution)
            case .unfinished: break
            }
            let elapsed = ContinuousClock.now - start
            guard elapsed < policy.timeout else {
                let seconds = elapsed.components.seconds
                throw .local("Timeout waiting for \(action) completion. Elapsed time: \(seconds / 60):\(seconds % 60)")
            }
            do { try await Task.sleep(for: min(pause, policy.timeout - elapsed)) } catch {
                throw .local("Waiting for execution \(id) was interrupted.")
            }
            pause = min(pause * 2, policy.longestInterval)
        }
    }

    /// The error that an execution is which did not succeed.
    public static func failure(of execution: JSON) -> ClientError {
        let output = execution["output"] ?? .null
        let text = output.string ?? (output == .null ? "The execution was cancelled." : output.compact)
        return ClientError(
            .execution, text, errorCode: "execution_failed", serverTraceback: execution["traceback"]?.string)
    }
}

/// What an execution's status means to one who waits.
enum ExecutionState: Hashable {
    case unfinished, succeeded, failed

    init(_ status: String) {
        switch status.lowercased() {
        case "success", "completed": self = .succeeded
        case "failure", "failed", "cancelled": self = .failed
        default: self = .unfinished
        }
    }
}
