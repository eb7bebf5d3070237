import Logging
import Model
import Storage
import Synchronization

extension Dispatcher {
    /// Notes that a leased call is in hand, so that it can be cancelled from now on.
    func begin(_ lease: Lease) {
        let execution = lease.execution
        guard let function = execution.function else { return }
        runner.active.begin(
            execution.id,
            ActiveCall(
                function: function, version: execution.version ?? 0, trigger: execution.trigger,
                createdAt: execution.createdAt, startedAt: execution.startedAt ?? time.now(),
                detail: execution.detail))
    }

    /// Runs a leased call to its end, and hands its end to be stored.
    func execute(_ lease: Lease) async {
        defer { runner.active.end(lease.execution.id) }
        hub.begin(lease.execution.id, attempt: lease.execution.attempts)
        guard let (outcome, retry) = await outcome(of: lease) else { return await giveBack(lease) }
        if let key = lease.execution.function { hub.functions.publish(key, lease.execution.id, outcome.logs) }
        let isBrokenOff = outcome.fault?.kind == .cancelled && runner.active[lease.execution.id]?.isCancelled != true
        if isBrokenOff, machine.withLock({ $0.isExpired }) || Task.isCancelled { return await giveBack(lease) }
        if let fault = outcome.fault, runner.active[lease.execution.id]?.isCancelled != true,
            retry.retries(fault, attempt: lease.execution.attempts, crashAttempts: configuration.maximumAttempts)
        {
            return await repeatLater(lease, outcome, retry)
        }
        settle(lease, ExecutionStatus(outcome.fault), outcome)
    }

    /// Puts a call whose attempt failed back into the queue, to start after a pause.
    private func repeatLater(_ lease: Lease, _ outcome: CallOutcome, _ retry: RetryPolicy) async {
        // Without a policy only a lost worker leads here: the next attempt finds another one.
        let pause = retry.attempts > 1 ? retry.backoff(after: lease.execution.attempts, jitter: time.jitter()) : .zero
        settle(lease, .queued, outcome, notBefore: pause > .zero ? time.now() + pause : nil)
        await settler.flush()
        wake()
    }

    /// What became of a call, and when it is to be repeated; nil: it could not be started before the server stops.
    private func outcome(of lease: Lease) async -> (CallOutcome, RetryPolicy)? {
        let execution = lease.execution
        guard let key = execution.function else { return (.failure("The record names no function."), .none) }
        var pause = Duration.milliseconds(20)
        while true {
            guard let call = runner.active[execution.id], !call.isCancelled else { return (.cancelled, .none) }
            do throws(PlatformError) {
                let function = try await runner.directory.resolve(key)
                runner.active.resolve(execution.id, function)
                return (
                    try await runner.call(execution.id, function, execution.input, call),
                    function.function.policy.retry
                )
            } catch {
                switch error.code {
                case .busy, .unavailable:
                    // Nothing was run, and nothing is lost by waiting.
                    if machine.withLock({ $0.isDraining }) { return nil }
                    guard (try? await Task.sleep(for: pause)) != nil else { return nil }
                    pause = min(pause * 2, .seconds(2))
                case .noSpots: return nil
                case .functionNotFound:
                    let message = "Function `\(key)` was deleted before the run began."
                    return (.failure(message, type: "LookupError"), .none)
                default:
                    logger.error(
                        "an execution could not be run",
                        metadata: ["id": "\(execution.id)", "error": "\(error.cause ?? error)"])
                    return (.failure(error.message), .none)
                }
            }
        }
    }

    /// Puts a leased call back into the queue as if nobody had taken it.
    func giveBack(_ lease: Lease) async {
        settle(lease, .queued, isUnstarted: true)
        // While stopping, the settler's own end writes them, all at once.
        if machine.withLock({ $0.isDraining }) { return }
        await settler.flush()
        wake()
    }

    /// Hands the end of a call to be stored.
    func settle(
        _ lease: Lease, _ status: ExecutionStatus, _ outcome: CallOutcome? = nil, notBefore: Timestamp? = nil,
        isUnstarted: Bool = false
    ) {
        let outcome = outcome ?? (status == .cancelled ? .cancelled : nil)
        if lease.execution.callback != nil { awaited.insert(lease.execution.id) }
        settler.submit(
            Settlement(
                id: lease.execution.id, epoch: lease.epoch, status: status, output: outcome?.output,
                fault: outcome?.fault, logs: outcome?.logs ?? [], usage: outcome?.usage ?? ResourceUsage(),
                finishedAt: time.now(), notBefore: notBefore, isUnstarted: isUnstarted,
                isDead: status == .failed || status == .timedOut))
    }
}

extension CallOutcome {
    /// Ended before it began, because somebody wanted it so.
    fileprivate static var cancelled: CallOutcome {
        CallOutcome(
            output: nil,
            fault: ExecutionFault(kind: .cancelled, type: "CancelledError", message: "The execution was cancelled."),
            logs: [], usage: ResourceUsage())
    }

    /// Ended before it began, by the platform's fault.
    fileprivate static func failure(_ message: String, type: String = "PlatformError") -> CallOutcome {
        CallOutcome(
            output: nil, fault: ExecutionFault(kind: .platform, type: type, message: message), logs: [],
            usage: ResourceUsage())
    }
}
