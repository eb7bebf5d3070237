import Logging
public import Model
public import ServiceLifecycle
import Storage
import Synchronization

/// One message to the outside.
public struct CallbackRequest: Sendable {
    public var url: CallbackURL
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]
    public var timeout: Duration

    public init(url: CallbackURL, headers: [(name: String, value: String)], body: [UInt8], timeout: Duration) {
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
    }
}

/// What came of sending one.
public enum CallbackDelivery: Hashable, Sendable {
    case delivered
    /// It may be tried again.
    case failed(String)
    /// It must not be tried again.
    case refused(String)
}

/// Sends messages, and follows no redirects.
public protocol CallbackSender: Sendable {
    func send(_ request: CallbackRequest) async -> CallbackDelivery
}

/// Tells the ends of executions to who asked for it. What is to be sent is in the store since the end, so a stop loses
/// nothing; a receiver may be told twice, and tells by the execution's id.
public struct CallbackService: Service {
    let store: any ExecutionStore
    let signal: CallbackSignal
    let configuration: PlatformConfiguration
    let time: TimeSource
    let logger: Logger
    let key: CallbackKey
    let sender: any CallbackSender
    let message: @Sendable (Execution) -> CallbackMessage
    private let underWay = UnderWay()

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await lookNowAndThen() }
                signal.wake()
                for await _ in signal.rings { await sendDue(&group) }
                group.cancelAll()
            }
        }
    }

    /// The look of last resort, and the one that helps where the clock was set.
    private func lookNowAndThen() async {
        while (try? await time.sleep(configuration.expiryInterval)) != nil { signal.wake() }
    }

    private func sendDue(_ group: inout DiscardingTaskGroup) async {
        let busy = underWay.ids
        let free = configuration.callbackConcurrency - busy.count
        guard free > 0 else { return }
        let now = time.now()
        do {
            // Those under way are due too.
            let due = try await store.callbacks(dueAt: now, limit: free + busy.count)
            for callback in due.callbacks.filter({ !busy.contains($0.execution) }).prefix(free) {
                underWay.begin(callback.execution)
                group.addTask {
                    await deliver(callback)
                    underWay.end(callback.execution)
                    signal.wake()
                }
            }
            guard let next = due.nextDue, next > now, next.since(now) < configuration.expiryInterval else { return }
            group.addTask {
                if (try? await time.sleep(next.since(now))) != nil { signal.wake() }
            }
        } catch {
            logger.error("callbacks could not be looked for", metadata: ["error": "\(error)"])
        }
    }

    private func deliver(_ callback: Callback) async {
        do {
            guard let execution = try await store.execution(callback.execution), let url = CallbackURL(callback.url)
            else { return try await store.note(.done, for: callback.execution) }
            let delivery = await sender.send(request(url, execution))
            if Task.isCancelled, delivery != .delivered { return }
            try await store.note(result(of: delivery, callback), for: callback.execution)
        } catch {
            logger.error(
                "a callback's result could not be stored; it is sent again",
                metadata: ["id": "\(callback.execution)", "error": "\(error)"])
            // Not at once: the store has a trouble of its own.
            try? await time.sleep(configuration.callbackBackoff)
        }
    }

    private func request(_ url: CallbackURL, _ execution: Execution) -> CallbackRequest {
        let message = message(execution)
        let timestamp = time.now().microseconds / 1_000_000
        let isNamed = message.headers.contains { $0.name == "X-Call-Id" }
        return CallbackRequest(
            url: url,
            headers: message.headers + [
                ("User-Agent", "swiftlet"), ("X-Swiftlet-Timestamp", "\(timestamp)"),
                ("X-Swiftlet-Signature", "sha256=\(key.signature(timestamp: timestamp, message.body))"),
            ] + (isNamed ? [] : [("X-Call-Id", execution.id.description)]), body: message.body,
            timeout: configuration.callbackTimeout)
    }

    private func result(of delivery: CallbackDelivery, _ callback: Callback) -> CallbackResult {
        let reason: String
        switch delivery {
        case .delivered: return .done
        case .failed(let why):
            reason = why
            let attempt = callback.attempts + 1
            if attempt < configuration.callbackAttempts {
                let whole = configuration.callbackBackoff * (1 << (2 * callback.attempts))
                return .retry(at: time.now() + whole / 2 + whole / 2 * time.jitter())
            }
        case .refused(let why): reason = why
        }
        logger.warning(
            "a callback was given up", metadata: ["id": "\(callback.execution)", "reason": "\(reason)"])
        return .done
    }
}

extension CallbackService {
    /// The callbacks that are being sent.
    private final class UnderWay: Sendable {
        private let state = Mutex<Set<ExecutionID>>([])

        var ids: Set<ExecutionID> { state.withLock { $0 } }
        func begin(_ id: ExecutionID) { state.withLock { _ = $0.insert(id) } }
        func end(_ id: ExecutionID) { state.withLock { _ = $0.remove(id) } }
    }
}

extension Platform {
    /// What tells the ends of executions to who asked for it; to be run beside the platform. `message` makes what is sent.
    public func callbackService(
        key: CallbackKey, sender: any CallbackSender, message: @escaping @Sendable (Execution) -> CallbackMessage
    ) -> any Service {
        CallbackService(
            store: store, signal: callbacks, configuration: configuration, time: time, logger: logger, key: key,
            sender: sender, message: message)
    }

    /// Refuses addresses that no callback is sent to.
    func check(callback: String?) throws(PlatformError) {
        guard let callback else { return }
        guard let url = CallbackURL(callback) else {
            throw PlatformError(
                .invalidRequest,
                "The callback address must be an absolute http or https address of at most "
                    + "\(CallbackURL.maximumBytes) characters, without a user.")
        }
        if GatewayHost.isMeant(by: url) { return }
        let isPrivate =
            NetworkAddress(url.host).map { !$0.isPublic }
            ?? (url.host == "localhost" || url.host.hasSuffix(".localhost"))
        if isPrivate, !configuration.allowsPrivateCallbacks {
            throw PlatformError(
                .invalidRequest,
                "The callback address `\(url.host)` is not a public one; the operator may allow such addresses with "
                    + "`--allow-private-callbacks`.")
        }
    }
}
