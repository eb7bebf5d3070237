import ArgumentParser
import Client

/// How long a call took, as the server measured it.
struct FaasmTimes {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case coldStart = "cold-start"
        case execTime = "exec-time"
        case wallTime = "wall-time"
        case startEnd = "start-end-ts"
    }

    /// Milliseconds since 1970.
    private var start: Int64
    private var end: Int64
    /// Milliseconds from the request to its answer.
    private var waited: Double

    /// Asks the server when a call began and ended.
    init(of result: FaasmClient.CallResult, waited: Duration, _ client: FaasmClient) async throws(ClientError) {
        guard let number = result.number else { throw .local("The server gave no id for the call.") }
        let message = try await client.graph(of: number)["root"]?["msg"]
        func time(_ name: String) -> Int64 { message?[name]?.string.flatMap { Int64($0) } ?? 0 }
        start = time("start_ts")
        end = time("finish_ts")
        let parts = waited.components
        self.waited = Double(parts.seconds) * 1000 + Double(parts.attoseconds) / 1e15
    }

    func text(_ format: Format) -> String {
        switch format {
        // What was not the run itself: the way to the sandbox and back, an image that had to be loaded.
        case .coldStart: Self.text(max(0, waited - Double(end - start)))
        case .execTime: "\(end - start)"
        case .wallTime: Self.text(waited)
        case .startEnd: "\(start),\(end)"
        }
    }

    var json: JSON {
        [
            "start_ts": .number("\(start)"), "finish_ts": .number("\(end)"),
            "wall_ms": .number(Self.text(waited)),
        ]
    }

    private static func text(_ milliseconds: Double) -> String { "\((milliseconds * 1000).rounded() / 1000)" }
}
