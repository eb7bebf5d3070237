import FoundationEssentials
import LabelledFiles
import Labels
import Model

/// An asynchronous call as it is kept on disk: what is to be run, or what came of it.
enum StoredInvocation {
    case waiting(GateTask)
    /// Its body is in memory.
    case ended(GateEnding, at: Timestamp)

    /// A call and its files; its payload, and the body of an answer, stand beside this as they are.
    private struct Call: Codable {
        var gate: ResolvedGate
        var name: String
        var headers: [String: String]
        var uploads: [String]
        var isFromGateway: Bool
        var depth: Int
    }

    private struct Ending: Codable {
        var label: Label
        var status: Int
        var functionFailed: Bool
        var failure: GateFailure?
        var nanoseconds: Int64
        var time: Timestamp
    }

    private enum Content: Codable {
        case call(Call)
        case ending(Ending)
    }

    func encoded() throws -> [UInt8] {
        switch self {
        case .waiting(let task):
            let call = Call(
                gate: task.gate, name: task.name, headers: task.headers, uploads: task.uploads.map(\.name),
                isFromGateway: task.isFromGateway, depth: task.depth)
            return try Self.encoded(.call(call), task.payload)
        case .ended(let ending, let time):
            var stored = Ending(
                label: ending.label, status: 0, functionFailed: false, nanoseconds: ending.nanoseconds, time: time)
            var body: [UInt8] = []
            switch ending.result {
            case .failure(let failure): stored.failure = failure
            case .success(let answer):
                (stored.status, stored.functionFailed) = (answer.status, answer.functionFailed)
                if case .bytes(let bytes) = answer.body { body = bytes }
            }
            return try Self.encoded(.ending(stored), body)
        }
    }

    private static func encoded(_ content: Content, _ bytes: [UInt8]) throws -> [UInt8] {
        HostFields.encode([Array(try JSONEncoder().encode(content)), bytes])
    }

    /// Nil where the record is none of this form.
    init?(_ record: ServerRecord) {
        guard let id = ExecutionID(record.name), let fields = try? HostFields.decode(record.content), fields.count == 2,
            let content = try? JSONDecoder().decode(Content.self, from: Data(fields[0]))
        else { return nil }
        let bytes = Array(fields[1])
        switch content {
        case .call(let call):
            guard call.uploads.count == record.uploads.count else { return nil }
            self = .waiting(
                GateTask(
                    id: id, gate: call.gate, name: call.name, payload: bytes, headers: call.headers,
                    uploads: zip(call.uploads, record.uploads).map { (name: $0, upload: $1) },
                    isFromGateway: call.isFromGateway, depth: call.depth, isAsynchronous: true))
        case .ending(let ending):
            let answer = GateEnding.Answer(
                status: ending.status, body: .bytes(bytes), functionFailed: ending.functionFailed)
            self = .ended(
                GateEnding(
                    label: ending.label, result: ending.failure.map(Result.failure) ?? .success(answer),
                    nanoseconds: ending.nanoseconds), at: ending.time)
        }
    }
}
