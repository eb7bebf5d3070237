import Model

/// Runs calls in the sandboxes and takes images anew where the sandboxes lost them.
final class CallRunner: Sendable {
    let active = ActiveCalls()
    let directory: FunctionDirectory
    let sandbox: any SandboxService
    let secrets: SecretKeeper

    init(directory: FunctionDirectory, sandbox: any SandboxService, secrets: SecretKeeper) {
        self.directory = directory
        self.sandbox = sandbox
        self.secrets = secrets
    }

    /// Runs one call to its end, within `time` where that is less than the function's own limit.
    func call(
        _ id: ExecutionID, _ function: ResolvedFunction, _ input: [UInt8], within time: Duration? = nil
    ) async throws(PlatformError) -> CallOutcome {
        var function = function
        var renewals = 0
        while true {
            if let image = function.image.id {
                var limits = function.function.limits
                if let time {
                    let most = max(1, Int(clamping: time.microseconds / 1000))
                    limits.wallTimeMilliseconds = min(limits.wallTimeMilliseconds, most)
                }
                var context = function.context
                if let names = function.deployment?.secrets, !names.isEmpty {
                    context = try await secrets.fields(names, in: function.function.key.namespace)
                }
                let request = CallRequest(
                    id: id, image: image, function: function.function.key, limits: limits, input: input,
                    context: context, environment: function.environment)
                do {
                    return try await sandbox.call(request)
                } catch {
                    guard case .imageUnavailable = error, renewals < 2 else { throw .refusal(error) }
                }
            }
            renewals += 1
            switch try await directory.renew(function) {
            case .renewed(let renewed): function = renewed
            case .failed(let outcome, let fault):
                return CallOutcome(output: nil, fault: fault, logs: outcome.logs, usage: outcome.usage)
            }
        }
    }

    /// Ends a call that this server has in hand. False: it has none of that id.
    func cancel(_ id: ExecutionID) async -> Bool {
        guard active.requestCancel(id) else { return false }
        // A call is in hand for a moment before the sandboxes know it, and longer while its image is taken.
        for _ in 0..<100 where !sandbox.cancel(id) {
            guard active[id] != nil, (try? await Task.sleep(for: .milliseconds(2))) != nil else { break }
        }
        return true
    }
}

extension ExecutionStatus {
    /// The status of a call that ended with `fault`, or without one.
    init(_ fault: ExecutionFault?) {
        self =
            switch fault?.kind {
            case nil: .succeeded
            case .timedOut: .timedOut
            case .cancelled: .cancelled
            default: .failed
            }
    }
}
