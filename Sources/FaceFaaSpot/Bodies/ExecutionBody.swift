import Model
import Platform

/// The execution object of this surface.
enum ExecutionBody {
    /// Writes one: five keys in the documented order, then what else is known.
    static func write(_ execution: Execution, into writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("uuid", execution.id.description)
            writer.member("name", "tasks." + execution.task.rawValue)
            writer.member("status", status(execution.status))
            writer.key("output")
            writeOutput(execution, into: &writer)
            writer.member("created", TimestampText.text(execution.createdAt))
            if let time = execution.startedAt { writer.member("started", TimestampText.text(time)) }
            if let time = execution.finishedAt { writer.member("finished", TimestampText.text(time)) }
            if let fault = execution.fault {
                writer.member("error", fault.summary)
                if let traceback = fault.traceback { writer.member("traceback", traceback) }
            }
            writer.member("attempts", Int64(execution.attempts))
            if execution.status.isFinal {
                writer.member("cpu_ms", milliseconds(execution.usage.cpuMicroseconds))
                writer.member("wall_ms", milliseconds(execution.usage.wallMicroseconds))
                writer.member("peak_memory_bytes", execution.usage.peakMemoryBytes)
            }
            if let parent = execution.parent { writer.member("parent", parent.description) }
            if let function = execution.function { writer.member("function", function.description) }
        }
    }

    /// The statuses that clients know.
    static func status(_ status: ExecutionStatus) -> String {
        switch status {
        case .queued: "Pending"
        case .running: "Started"
        case .succeeded: "Success"
        case .failed, .timedOut: "Failure"
        case .cancelled: "Cancelled"
        }
    }

    private static func writeOutput(_ execution: Execution, into writer: inout JSONWriter) {
        switch execution.status {
        case .queued, .running: writer.string(nil)
        case .succeeded:
            guard let output = execution.output else { return writer.string(nil) }
            var scanner = JSONScanner(output)
            // An answer that is not JSON must not break the list that it stands in.
            if (try? scanner.document()) != nil {
                writer.raw(output)
            } else {
                writer.string(String(decoding: output, as: UTF8.self))
            }
        case .failed, .timedOut: writer.string(execution.fault?.summary ?? "Failed")
        case .cancelled: writer.string(execution.fault?.summary ?? "CancelledError: The execution was cancelled.")
        }
    }

    private static func milliseconds(_ microseconds: Int64) -> Int64 { (microseconds + 500) / 1000 }
}
