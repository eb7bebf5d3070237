import Model
import Platform
import Storage

/// An app as it is now: the client's calls first, as sent, then the chained ones as created.
struct AppView {
    /// Ids of chained calls begin here; clients choose theirs from six digits.
    static let firstChainedID: Int64 = 1_000_000
    /// More ids than calls may come of one.
    private static let idsPerCall: Int64 = 100_000

    struct Node {
        var message: Message
        var execution: Execution
        var children: [Int64]
    }

    let record: AppRecord
    /// The client's calls, those first, then those that came of them.
    private(set) var order: [Int64] = []
    private(set) var nodes: [Int64: Node] = [:]
    /// Whether nothing more will happen.
    let hasEnded: Bool

    init(_ record: AppRecord, _ families: [CallFamily]) {
        self.record = record
        let byRoot = Dictionary(families.map { ($0.root.id, $0) }) { first, _ in first }
        hasEnded = families.allSatisfy(\.hasEnded)
        var chained: [Int64] = []
        for (index, (message, execution)) in record.calls.enumerated() {
            guard let family = byRoot[execution] else { continue }
            let first = Self.firstChainedID - 1 + Int64(index) * Self.idsPerCall
            let children = family.children
            func ids(of execution: Execution) -> [Int64] {
                (children[execution.id] ?? []).map { first + Int64($0.callNumber ?? 0) }
            }
            order.append(message.id)
            nodes[message.id] = Node(message: message, execution: family.root, children: ids(of: family.root))
            for call in family.chained {
                let id = first + Int64(call.callNumber ?? 0)
                chained.append(id)
                nodes[id] = Node(message: message.chained(id, call), execution: call, children: ids(of: call))
            }
        }
        order += chained
    }

    func result(_ id: Int64, _ face: FaasmFace) -> MessageResult? {
        nodes[id].map {
            MessageResult(
                message: $0.message, execution: $0.execution, chained: $0.children,
                node: face.configuration.nodeName)
        }
    }

    /// A call with those that came of it, as a tree; false where one of them is unknown or has not ended.
    func writeGraph(of id: Int64, _ face: FaasmFace, into writer: inout JSONWriter) -> Bool {
        guard isKnown(id) else { return false }
        writer.object { writer in
            writer.key("root")
            writeNode(id, face, into: &writer)
        }
        return true
    }

    private func isKnown(_ id: Int64) -> Bool {
        // A parent's number is less than those of its children, so this ends.
        guard let node = nodes[id], node.execution.status.isFinal else { return false }
        return node.children.allSatisfy(isKnown)
    }

    private func writeNode(_ id: Int64, _ face: FaasmFace, into writer: inout JSONWriter) {
        guard let result = result(id, face) else { return }
        writer.object { writer in
            writer.key("msg")
            result.write(into: &writer, face)
            guard !result.chained.isEmpty else { return }
            writer.key("chained")
            writer.array { writer in for child in result.chained { writeNode(child, face, into: &writer) } }
        }
    }
}
