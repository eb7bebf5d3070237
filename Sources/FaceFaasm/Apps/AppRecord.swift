import Model
import Platform
import Storage

/// What is kept of an app: its messages without their inputs, and the execution of each.
struct AppRecord: Hashable, Sendable {
    var number: Int64
    var subType: Int64
    var calls: [(message: Message, execution: ExecutionID)] {
        zip(messages, executions).map { ($0, $1) }
    }
    private var messages: [Message]
    private(set) var executions: [ExecutionID]

    init(_ batch: Batch, _ executions: [ExecutionID]) {
        number = batch.number
        subType = batch.subType
        messages = batch.messages
        self.executions = executions
    }

    /// Reads what ``bytes`` wrote; nil where it is something else.
    init?(_ app: App) {
        guard let members = JSONMembers(app.record), let objects = members.objects("messages") else { return nil }
        number = app.number
        subType = members.number("subType") ?? 0
        messages = objects.compactMap { Message($0) }
        executions = members.texts("executions").compactMap { ExecutionID($0) }
        guard messages.count == executions.count else { return nil }
    }

    var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("subType", subType)
            writer.key("executions")
            writer.array { writer in for id in executions { writer.string(id.description) } }
            writer.key("messages")
            writer.array { writer in
                for message in messages { writer.object { message.write(into: &$0) } }
            }
        }
        return writer.bytes
    }
}
