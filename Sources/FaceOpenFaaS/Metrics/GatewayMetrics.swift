import HTTPTypes
import Model
public import Platform
public import ServiceLifecycle
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Counts calls by function and status, and requests by route. The counts of calls are stored now and then, so that they
/// go on after a restart; a crash loses the last few seconds of them.
public final class GatewayMetrics: Service {
    private static let document = "gateway"
    private static let storeInterval = Duration.seconds(5)

    /// Calls that ended alike.
    struct CallLabel: Hashable {
        var function: FunctionKey
        var code: Int
    }

    /// Requests that were answered alike.
    struct RequestLabel<Subject: Hashable & Sendable>: Hashable, Sendable {
        /// The function, or the route.
        var subject: Subject
        var method: String
        var code: Int
    }

    struct State {
        /// Since the server was first started.
        var totals: [CallLabel: Int] = [:]
        /// Since this start, as all that follows.
        var started: [FunctionKey: Int] = [:]
        var calls: [RequestLabel<FunctionKey>: Histogram] = [:]
        var requests: [RequestLabel<String>: Histogram] = [:]
        var isStored = true
    }

    private let platform: Platform
    private let state = Mutex(State())

    init(platform: Platform) { self.platform = platform }

    /// What was counted up to now.
    var counted: State { state.withLock { $0 } }

    /// Takes the counts of the time before the last stop. To be done before the first call.
    public func restore() async throws(PlatformError) {
        guard let bytes = try await platform.counters(Self.document),
            let stored = try? JSONDecoder().decode([String: [String: Int]].self, from: Data(bytes))
        else { return }
        state.withLock { state in
            for (name, codes) in stored {
                guard let function = GatewayName.key(stored: name) else { continue }
                for (code, count) in codes {
                    if let code = Int(code) { state.totals[CallLabel(function: function, code: code)] = count }
                }
            }
        }
    }

    public func run() async throws {
        while (try? await cancelWhenGracefulShutdown({ try await Task.sleep(for: Self.storeInterval) })) != nil {
            await store()
        }
        await store()
    }

    func started(_ function: FunctionKey) {
        state.withLock { $0.started[function, default: 0] += 1 }
    }

    func finished(_ function: FunctionKey, _ method: HTTPRequest.Method, code: Int, after duration: Duration) {
        let label = RequestLabel(subject: function, method: method.rawValue, code: code)
        state.withLock { state in
            state.totals[CallLabel(function: function, code: code), default: 0] += 1
            state.calls[label, default: Histogram()].add(duration)
            state.isStored = false
        }
    }

    /// Notes that a request was answered, whatever it was about.
    func answered(_ route: String, _ method: HTTPRequest.Method, code: Int, after duration: Duration) {
        let label = RequestLabel(subject: route, method: method.rawValue, code: code)
        state.withLock { $0.requests[label, default: Histogram()].add(duration) }
    }

    /// How often each function was called, whatever came of it.
    func invocations() -> [FunctionKey: Int] {
        state.withLock { state in
            state.totals.reduce(into: [:]) { $0[$1.key.function, default: 0] += $1.value }
        }
    }

    private func store() async {
        let totals = state.withLock { state in
            defer { state.isStored = true }
            return state.isStored ? nil : state.totals
        }
        guard let totals else { return }
        var stored: [String: [String: Int]] = [:]
        for (label, count) in totals { stored[GatewayName.text(label.function), default: [:]]["\(label.code)"] = count }
        do {
            try await platform.saveCounters(Self.document, try Reply.bytes(stored))
        } catch {
            // The next look stores them.
            state.withLock { $0.isStored = false }
        }
    }
}
