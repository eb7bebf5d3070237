import Model
import Platform

/// Calls that a client sends together.
struct Batch: Hashable, Sendable {
    var number: Int64
    var subType: Int64
    var messages: [Message]

    /// Reads a batch. Nil: it lacks something, or its messages are not of it.
    init?(_ members: JSONMembers) {
        number = members.number("appId", "app_id") ?? 0
        guard Self.runs(members) else { return nil }
        subType = members.number("subType", "sub_type", "subtype") ?? 0
        guard let user = members.text("user"), !user.isEmpty, let function = members.text("function"),
            !function.isEmpty, let objects = members.objects("messages"), !objects.isEmpty
        else { return nil }
        messages = objects.compactMap { Message($0) }
        guard messages.count == objects.count,
            messages.allSatisfy({
                $0[text: "user"] == user && $0[number: "appId"] == number && !$0[text: "function"].isEmpty
            })
        else { return nil }
    }

    /// Whether a batch is one of functions: there are no threads, processes and migrations here, and no calls instead of them.
    private static func runs(_ members: JSONMembers) -> Bool {
        guard members.has("type") else { return true }
        return members.text("type").map { $0 == "FUNCTIONS" || $0 == "0" } ?? (members.number("type") == 0)
    }

    init(number: Int64, messages: [Message]) {
        self.number = number
        self.messages = messages
        subType = 0
    }
}
