import Model
public import Platform
public import ServiceLifecycle
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Counts calls by function and status. The counts are stored now and then, so that they go on after a restart; a crash
/// loses the last few seconds of them.
public final class GatewayMetrics: Service {
    private static let document = "gateway"
    private static let storeInterval = Duration.seconds(5)
    /// Upper bounds of the histogram's buckets, in seconds.
    private static let buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private struct Label: Hashable {
        var function: String
        var code: Int
    }

    private struct Histogram {
        var counts = [Int](repeating: 0, count: GatewayMetrics.buckets.count)
        var count = 0
        var sum = 0.0
    }

    private struct State {
        var totals: [Label: Int] = [:]
        var started: [String: Int] = [:]
        var seconds: [Label: Histogram] = [:]
        var isStored = true
    }

    private let platform: Platform
    private let state = Mutex(State())

    init(platform: Platform) { self.platform = platform }

    /// Takes the counts of the time before the last stop. To be done before the first call.
    public func restore() async throws(PlatformError) {
        guard let bytes = try await platform.counters(Self.document),
            let stored = try? JSONDecoder().decode([String: [String: Int]].self, from: Data(bytes))
        else { return }
        state.withLock { state in
            for (function, codes) in stored {
                for (code, count) in codes {
                    if let code = Int(code) { state.totals[Label(function: function, code: code)] = count }
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

    func started(_ key: FunctionKey) {
        let name = GatewayName.text(key)
        state.withLock { $0.started[name, default: 0] += 1 }
    }

    func finished(_ key: FunctionKey, code: Int, after duration: Duration) {
        let label = Label(function: GatewayName.text(key), code: code)
        let seconds = Double(duration.microseconds) / 1e6
        state.withLock { state in
            state.totals[label, default: 0] += 1
            state.isStored = false
            var histogram = state.seconds[label] ?? Histogram()
            histogram.count += 1
            histogram.sum += seconds
            for (index, bound) in Self.buckets.enumerated() where seconds <= bound { histogram.counts[index] += 1 }
            state.seconds[label] = histogram
        }
    }

    /// How often a function was called, whatever came of it.
    func invocations(of key: FunctionKey) -> Int {
        let name = GatewayName.text(key)
        return state.withLock { $0.totals.filter { $0.key.function == name }.values.reduce(0, +) }
    }

    private func store() async {
        let totals = state.withLock { state in
            defer { state.isStored = true }
            return state.isStored ? nil : state.totals
        }
        guard let totals else { return }
        var stored: [String: [String: Int]] = [:]
        for (label, count) in totals { stored[label.function, default: [:]]["\(label.code)"] = count }
        do {
            try await platform.saveCounters(Self.document, try Reply.bytes(stored))
        } catch {
            // The next look stores them.
            state.withLock { $0.isStored = false }
        }
    }

    // MARK: Text

    /// All of it in Prometheus's text format.
    func text(_ services: [(key: FunctionKey, replicas: Int)], inFlight: [FunctionKey: Int]) -> String {
        let state = state.withLock { $0 }
        var text = MetricsText()
        text.begin("gateway_function_invocation_total", "counter", "Calls of functions, by status.")
        for (label, count) in Self.sorted(state.totals) { text.add(labels(label), "\(count)") }
        text.begin("gateway_function_invocation_started", "counter", "Calls of functions that were begun.")
        for (name, count) in state.started.sorted(by: { $0.key < $1.key }) {
            text.add([("function_name", name)], "\(count)")
        }
        text.begin("gateway_functions_seconds", "histogram", "How long calls took.")
        for (label, histogram) in Self.sorted(state.seconds) {
            let own = labels(label)
            for (bound, count) in zip(Self.buckets, histogram.counts) {
                text.add(own + [("le", Self.number(bound))], "\(count)", suffix: "_bucket")
            }
            text.add(own + [("le", "+Inf")], "\(histogram.count)", suffix: "_bucket")
            text.add(own, "\(histogram.sum)", suffix: "_sum")
            text.add(own, "\(histogram.count)", suffix: "_count")
        }
        text.begin("gateway_service_count", "gauge", "Replicas of functions, as they were asked for.")
        for service in services {
            text.add([("function_name", GatewayName.text(service.key))], "\(service.replicas)")
        }
        text.begin("http_requests_in_flight", "gauge", "Calls of functions that run now.")
        for (key, count) in inFlight.sorted(by: { $0.key.description < $1.key.description }) {
            text.add([("function_name", GatewayName.text(key))], "\(count)")
        }
        return text.text
    }

    private func labels(_ label: Label) -> [(String, String)] {
        [("function_name", label.function), ("code", "\(label.code)")]
    }

    private static func number(_ bound: Double) -> String {
        bound == bound.rounded() ? "\(Int(bound))" : "\(bound)"
    }

    private static func sorted<Value>(_ values: [Label: Value]) -> [(key: Label, value: Value)] {
        values.sorted { ($0.key.function, $0.key.code) < ($1.key.function, $1.key.code) }
    }
}

/// Writes metrics in Prometheus's text format.
struct MetricsText {
    private(set) var text = ""
    private var name = ""

    mutating func begin(_ name: String, _ type: String, _ help: String) {
        self.name = name
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    mutating func add(_ labels: [(String, String)], _ value: String, suffix: String = "") {
        let list = labels.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",")
        text += "\(name)\(suffix){\(list)} \(value)\n"
    }
}
