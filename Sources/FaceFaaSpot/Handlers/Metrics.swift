import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Platform
import Storage

extension FaaSpotFace {
    /// Counters in Prometheus's text format: accepted = queued + running + settled, in every answer.
    func getMetrics(_ call: Call) async throws -> Response {
        try call.access.require(.read)
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: try await metricsText())))
    }

    /// The counters of the queue.
    public func metricsText() async throws -> String {
        let totals = try await platform.totals()
        var text = """
            # HELP swiftlet_executions_accepted_total Asynchronous executions that were accepted.
            # TYPE swiftlet_executions_accepted_total counter
            swiftlet_executions_accepted_total \(totals.accepted)
            # HELP swiftlet_executions_queued Asynchronous executions that wait.
            # TYPE swiftlet_executions_queued gauge
            swiftlet_executions_queued \(totals.queued)
            # HELP swiftlet_executions_running Asynchronous executions that run.
            # TYPE swiftlet_executions_running gauge
            swiftlet_executions_running \(totals.running)
            # HELP swiftlet_executions_settled_total Asynchronous executions that ended, by how.
            # TYPE swiftlet_executions_settled_total counter

            """
        for status in ExecutionStatus.allCases where status.isFinal {
            text += "swiftlet_executions_settled_total{status=\"\(status.rawValue)\"} "
            text += "\(totals.settled[status, default: 0])\n"
        }
        return text
    }
}
