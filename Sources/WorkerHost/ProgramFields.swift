internal import FoundationEssentials
internal import Model

/// What a call of compiled code is told, in the form that it needs: a worker reads no JSON.
enum ProgramFields {
    /// The variables of a JSON object, in order of their names.
    static func environment(_ object: [UInt8]) -> [UInt8] {
        let variables = (try? JSONDecoder().decode([String: String].self, from: Data(object))) ?? [:]
        return HostFields.encode(variables.sorted { $0.key < $1.key }.map { Array("\($0.key)=\($0.value)".utf8) })
    }

    /// Entry and command line of a ``CallDetail``.
    static func detail(_ object: [UInt8]) -> [UInt8] {
        let detail = (try? JSONDecoder().decode(CallDetail.self, from: Data(object))) ?? CallDetail()
        return HostFields.encode([detail.entry, detail.commandLine].map { Array(($0 ?? "").utf8) })
    }
}
