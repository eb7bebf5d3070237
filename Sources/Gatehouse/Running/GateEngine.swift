import LabelledFiles
import Labels
import Logging
import Model
import Platform

/// Runs gates' functions, with labels kept from start to end.
final class GateEngine: Sendable {
    let platform: Platform
    let files: LabelledFiles
    let configuration: GatehouseConfiguration
    let functions: GateFunctions
    let services: ServiceSender
    let invocations: Invocations
    let logs: GateLogs
    private let turns: Turns

    init(
        platform: Platform, files: LabelledFiles, functions: GateFunctions, sender: (any OutboundSender)?,
        configuration: GatehouseConfiguration, logger: Logger
    ) {
        self.platform = platform
        self.files = files
        self.configuration = configuration
        self.functions = functions
        services = ServiceSender(sender: sender, platform: platform.configuration, configuration: configuration)
        invocations = Invocations(configuration, files: files, logger: logger, now: { platform.now })
        logs = GateLogs(configuration)
        turns = Turns(maximumWaiting: configuration.maximumWaitingCalls)
    }

    /// Runs a call to its end.
    func run(_ task: GateTask) async -> GateEnding {
        let clock = ContinuousClock()
        let started = clock.now
        var ending = GatePackage.isFsutil(task.gate.function) ? await runFsutil(task) : await runGuest(task)
        ending.nanoseconds = (clock.now - started).nanoseconds
        if case .failure(.launch(let detail)) = ending.result {
            log([GateLogLine(time: platform.now, stream: .stderr, text: detail)], task, ending.label)
        }
        return ending
    }

    // MARK: In a sandbox

    private func runGuest(_ task: GateTask) async -> GateEnding {
        let limit = task.gate.settings.timeout.map { .seconds($0) } ?? configuration.defaultTimeout
        let caller = Caller.running(task.gate, files, name: task.name)
        let startLabel = (try? caller.resultLabel()) ?? .top
        var turn: Turn?
        if let most = task.gate.settings.concurrency {
            turn = await turns.take(task.gate.gate, of: most, within: limit)
            guard turn != nil else {
                return GateEnding(label: startLabel, result: .failure(.busy(retryAfterSeconds: 1)))
            }
        }
        defer { turn?.end() }
        let session = GuestSession(
            FileCalls(
                caller, runner: NestedCalls(engine: self, task: task, turn: turn, execution: task.id),
                request: GuestRequest(
                    payload: task.payload, headers: task.headers, invokers: task.gate.invokers)))
        let result: Result<GateEnding.Answer, GateFailure>
        do throws(GateFailure) {
            let outcome = try await outcome(of: task, session, limit)
            result = GateEnding.Answer.of(outcome)
            await session.close()
            let lines = outcome.logs.map {
                GateLogLine(time: $0.time, stream: $0.stream == .stdout ? .stdout : .stderr, text: $0.text)
            }
            log(lines, task, session.calls.label ?? .top)
        } catch {
            await session.close()
            result = .failure(error)
        }
        let label = (try? session.calls.resultLabel()) ?? .top
        return GateEnding(label: label, result: result)
    }

    /// Begins a call anew, at most twice, where it could not be begun.
    private func outcome(
        of task: GateTask, _ session: GuestSession, _ limit: Duration
    ) async throws(GateFailure) -> CallOutcome {
        let detail = try detail(of: task, session)
        var attempt = 0
        while true {
            let name = try await functions.ready(task.gate.function)
            let call = ConfinedCall(
                function: name, input: task.payload, detail: CallDetail(faasten: detail), guest: session, limit: limit,
                caller: task.waiter, isAsynchronous: task.isAsynchronous)
            do throws(PlatformError) { return try await platform.run(call, id: task.id) } catch {
                attempt += 1
                guard attempt <= 2, await functions.recover(name, from: error) else {
                    throw GateFailure(ofStart: error)
                }
            }
        }
    }

    private func detail(
        of task: GateTask, _ session: GuestSession
    ) throws(GateFailure) -> GateCallDetail {
        let settings = task.gate.settings
        var detail = GateCallDetail(
            api: settings.api?.rawValue, event: settings.event?.rawValue, errors: settings.errors,
            strict: settings.strict, gateway: task.isFromGateway, headers: task.headers, invokers: task.gate.invokers,
            blobs: [])
        for (name, upload) in task.uploads {
            let handle: UInt32
            do { handle = try session.calls.adopt(upload) } catch {
                throw .refused("The request has more files than a function may open.")
            }
            detail.blobs.append(
                GateCallDetail.Upload(name: name, handle: handle, hash: upload.hash.description))
        }
        return detail
    }

    private func log(_ lines: [GateLogLine], _ task: GateTask, _ label: Label) {
        logs.append(lines, label: label, of: task.gate.gate)
    }

    // MARK: Built in

    private func runFsutil(_ task: GateTask) async -> GateEnding {
        var fsutil = Fsutil(
            Caller.running(task.gate, files, name: task.name), uploads: task.uploads,
            runner: NestedCalls(engine: self, task: task, turn: nil, execution: task.waiter))
        let result: Result<GateEnding.Answer, GateFailure>
        do {
            let (answered, reply) = try await withTaskExecutorPreference(globalConcurrentExecutor) { [fsutil] in
                // Packages are unpacked on the way: whoever waits on this event loop must not wait for that.
                var fsutil = fsutil
                let reply = try await fsutil.answer(task.payload)
                return (fsutil, reply)
            }
            fsutil = answered
            switch reply {
            case .json(let body, let succeeded):
                // To a function its answer is JSON as always; to HTTP clients, which may expect a blob, it is marked.
                result = .success(
                    GateEnding.Answer(
                        status: 200, body: .bytes(body), functionFailed: task.isFromGateway && !succeeded))
            case .blob(let reader): result = .success(GateEnding.Answer(status: 200, body: .blob(reader)))
            }
        } catch {
            result = .failure(.failed("The labelled file system failed: \(error)."))
        }
        return GateEnding(label: (try? fsutil.resultLabel) ?? .top, result: result)
    }
}

extension GateFailure {
    /// Why a call was not begun.
    fileprivate init(ofStart error: PlatformError) {
        switch error.code {
        case .busy: self = .busy(retryAfterSeconds: error.retryAfterSeconds ?? 1)
        case .tooLarge: self = .refused(error.message)
        default: self = .failed(error.message)
        }
    }
}

extension Duration {
    /// Whole nanoseconds, for spans of less than centuries.
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
