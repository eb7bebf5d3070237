import Model
import Platform

/// The execution object of this surface.
enum ExecutionBody {
    /// Every status that clients see.
    static let statuses = ["Pending", "Started", "Success", "Failure", "Cancelled"]

    /// Writes one: five keys in the documented order, then what else is known. With its history, its arguments too.
    static func write(_ execution: Execution, history: [Attempt]? = nil, into writer: inout JSONWriter) {
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
            writeQueueing(execution, into: &writer)
            guard let history else { return }
            if OutputBody.isJSON(execution.input) {
                writer.key("arguments")
                writer.raw(execution.input)
            }
            writer.key("history")
            writer.array { writer in for attempt in history { write(attempt, into: &writer) } }
        }
    }

    private static func writeQueueing(_ execution: Execution, into writer: inout JSONWriter) {
        if execution.priority != 0 { writer.member("priority", Int64(execution.priority)) }
        if let time = execution.notBefore { writer.member("scheduled", TimestampText.text(time)) }
        if let time = execution.expiresAt { writer.member("expires", TimestampText.text(time)) }
        if let batch = execution.batch { writer.member("batch", batch.description) }
        if let id = execution.redrivenFrom { writer.member("redriven_from", id.description) }
        if execution.isDead {
            writer.key("dead")
            writer.bool(true)
        }
    }

    private static func write(_ attempt: Attempt, into writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("attempt", Int64(attempt.number))
            writer.member("status", status(attempt.status))
            writer.member("started", attempt.startedAt.map(TimestampText.text))
            writer.member("finished", attempt.finishedAt.map(TimestampText.text))
            writer.member("error", attempt.fault?.summary)
            if let traceback = attempt.fault?.traceback { writer.member("traceback", traceback) }
            writer.member("cpu_ms", milliseconds(attempt.usage.cpuMicroseconds))
            writer.member("wall_ms", milliseconds(attempt.usage.wallMicroseconds))
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
            OutputBody.write(output, into: &writer)
        case .failed, .timedOut: writer.string(execution.fault.map(line) ?? "Failed")
        case .cancelled: writer.string(execution.fault.map(line) ?? "CancelledError: The execution was cancelled.")
        }
    }

    /// `ExceptionType: text`, also where the text has several lines.
    private static func line(_ fault: ExecutionFault) -> String {
        fault.summary.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private static func milliseconds(_ microseconds: Int64) -> Int64 { (microseconds + 500) / 1000 }
}
