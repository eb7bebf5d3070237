import Model

extension GatewayMetrics {
    /// All of it in Prometheus's text format.
    func text(_ services: [(key: FunctionKey, replicas: Int)], inFlight: [FunctionKey: Int]) -> String {
        let state = counted
        var text = MetricsText()
        text.begin("gateway_function_invocation_total", "counter", "Calls of functions, by status.")
        for (label, count) in state.totals.sorted(by: { Self.isBefore($0.key, $1.key) }) {
            text.add(Self.labels(label), "\(count)")
        }
        text.begin("gateway_function_invocation_started", "counter", "Calls of functions that were begun.")
        for (name, count) in Self.named(state.started) { text.add([("function_name", name)], "\(count)") }
        text.begin("gateway_functions_seconds", "histogram", "How long calls took.")
        let seconds = state.calls.reduce(into: [CallLabel: Histogram]()) { sums, call in
            let label = CallLabel(function: call.key.subject, code: call.key.code)
            sums[label] = (sums[label] ?? Histogram()) + call.value
        }
        for (label, histogram) in seconds.sorted(by: { Self.isBefore($0.key, $1.key) }) {
            text.add(Self.labels(label), histogram)
        }
        text.begin("gateway_service_count", "gauge", "Replicas of functions, as they were asked for.")
        for service in services {
            text.add([("function_name", GatewayName.text(service.key))], "\(service.replicas)")
        }
        text.begin("http_requests_in_flight", "gauge", "Calls of functions that run now.")
        for (name, count) in Self.named(inFlight) { text.add([("function_name", name)], "\(count)") }
        let calls = state.calls.map { (labels: Self.labels($0.key, "function_name", GatewayName.text), $0.value) }
        Self.add(calls, to: &text, "http_requests_total", "http_request_duration_seconds", "Calls of functions")
        let requests = state.requests.map { (labels: Self.labels($0.key, "path") { $0 }, $0.value) }
        Self.add(
            requests, to: &text, "provider_http_requests_total", "provider_http_request_duration_seconds",
            "Requests to the gateway")
        return text.text
    }

    /// Adds the number of requests and how long they took.
    private static func add(
        _ values: [(labels: [(String, String)], Histogram)], to text: inout MetricsText, _ counter: String,
        _ histogram: String, _ what: String
    ) {
        let sorted = values.sorted { left, right in
            left.labels.lazy.map(\.1).lexicographicallyPrecedes(right.labels.lazy.map(\.1))
        }
        text.begin(counter, "counter", "\(what), by method and status.")
        for (labels, value) in sorted { text.add(labels, "\(value.count)") }
        text.begin(histogram, "histogram", "How long they took.")
        for (labels, value) in sorted { text.add(labels, value) }
    }

    private static func labels<Subject>(
        _ label: RequestLabel<Subject>, _ name: String, _ text: (Subject) -> String
    ) -> [(String, String)] {
        [(name, text(label.subject)), ("method", label.method), ("code", "\(label.code)")]
    }

    private static func labels(_ label: CallLabel) -> [(String, String)] {
        [("function_name", GatewayName.text(label.function)), ("code", "\(label.code)")]
    }

    private static func isBefore(_ left: CallLabel, _ right: CallLabel) -> Bool {
        (GatewayName.text(left.function), left.code) < (GatewayName.text(right.function), right.code)
    }

    private static func named(_ values: [FunctionKey: Int]) -> [(name: String, value: Int)] {
        values.map { (GatewayName.text($0.key), $0.value) }.sorted { $0.0 < $1.0 }
    }
}
