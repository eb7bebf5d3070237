import Model
import Platform

/// A call with the calls that it chained, as a tree.
enum GraphBody {
    /// Writes the call `id` of a family, and what came of it.
    static func write(_ id: ExecutionID, of family: CallFamily, into writer: inout JSONWriter) {
        guard let call = family[id] else { return writer.string(nil) }
        write(call, family.children, into: &writer)
    }

    private static func write(
        _ call: Execution, _ children: [ExecutionID: [Execution]], into writer: inout JSONWriter
    ) {
        writer.object { writer in
            writer.member("uuid", call.id.description)
            writer.member("function", call.function?.description)
            if let entry = call.detail?.entry { writer.member("entry", entry) }
            if let number = call.callNumber { writer.member("number", Int64(number)) }
            writer.member("status", ExecutionBody.status(call.status))
            if call.status.isFinal { writer.member("return_code", Int64(ReturnCode.of(call.fault))) }
            writer.member("created", TimestampText.text(call.createdAt))
            if let time = call.startedAt { writer.member("started", TimestampText.text(time)) }
            if let time = call.finishedAt { writer.member("finished", TimestampText.text(time)) }
            if let start = call.startedAt, let end = call.finishedAt {
                writer.member("wall_us", end.since(start).microseconds)
            }
            writer.key("calls")
            writer.array { writer in
                for child in children[call.id] ?? [] { write(child, children, into: &writer) }
            }
        }
    }
}
