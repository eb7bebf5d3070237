import FoundationEssentials
import Logging
import Model
import SharedState

/// Runs calls in the sandboxes and takes images anew where the sandboxes lost them.
final class CallRunner: Sendable {
    let active = ActiveCalls()
    let directory: FunctionDirectory
    let sandbox: any SandboxService
    let secrets: SecretKeeper

    private let logger: Logger

    init(directory: FunctionDirectory, sandbox: any SandboxService, secrets: SecretKeeper, logger: Logger) {
        self.directory = directory
        self.sandbox = sandbox
        self.secrets = secrets
        self.logger = logger
    }

    /// Runs one call to its end, within `time` where that is less than the function's own limit. Calls that came of it end with
    /// it where it was ended itself.
    func call(
        _ id: ExecutionID, _ function: ResolvedFunction, _ input: [UInt8], _ call: ActiveCall,
        within time: Duration? = nil
    ) async throws(PlatformError) -> CallOutcome {
        let outcome = try await run(id, function, input, call, time)
        if let session = active.takeSession(of: id) {
            do { try await session.end(succeeded: outcome.fault == nil) } catch {
                logger.error(
                    "what a call wrote to the shared state is in memory only, until the next push",
                    metadata: ["id": "\(id)", "error": "\(error)"])
            }
        }
        if let kind = outcome.fault?.kind, [.cancelled, .timedOut, .workerLost].contains(kind) {
            await cancelDescendants(of: id)
        }
        return outcome
    }

    private func run(
        _ id: ExecutionID, _ function: ResolvedFunction, _ input: [UInt8], _ call: ActiveCall, _ time: Duration?
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
                    id: id, image: image, mounts: function.mounts, function: function.function.key, limits: limits,
                    input: input, context: context, environment: function.environment, detail: detail(call),
                    depth: call.depth, tenant: call.guest == nil ? call.function.namespace : nil)
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

    /// What the guest is told of a call beside its input.
    private func detail(_ call: ActiveCall) -> [UInt8] {
        guard let detail = call.detail, !detail.isEmpty else { return [] }
        // Two strings always have an encoding.
        return (try? JSONEncoder().encode(detail)).map { Array($0) } ?? []
    }

    /// Ends what came of a call that was ended.
    private func cancelDescendants(of id: ExecutionID) async {
        guard let place = active[id]?.place else { return }
        for descendant in place.tree.unfinishedDescendants(of: place.number) { _ = await cancel(descendant) }
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
