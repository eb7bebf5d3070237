import Labels
import Model

/// The keys of the oldest functions: files below `~:kv`, in directories that are made on demand.
extension Caller {
    private static let folderName = "kv"

    mutating func answerKey(_ operation: FileOperation, _ fields: inout FieldReader) async throws -> [[UInt8]] {
        let key = try fields.text()
        switch operation {
        case .keyRead:
            try fields.end()
            return [try await read(resolve(try path(of: key)))]
        case .keyWrite:
            let value = try fields.bytes()
            try fields.end()
            try await write(value, toKey: key)
            return []
        default:
            try fields.end()
            return Self.fields(of: try await list(resolve(try path(of: key))))
        }
    }

    /// A slash separates directories.
    private func path(of key: String) throws(FileRefusal) -> FilePath {
        let names = key.split(separator: "/").map { FilePath.Item.text(String($0)) }
        return try FilePath([.text("~"), .text(Self.folderName)] + names)
    }

    private mutating func write(_ value: [UInt8], toKey key: String) async throws {
        let path = try path(of: key)
        do { return try await write(value, to: resolve(path)) } catch let error as FileRefusal
            where error.code == .doesNotExist
        {}
        let own = Label.owned(by: privilege)
        for count in 2..<max(2, path.components.count) {
            try await once { try await $0.createDirectory(path.prefix(count), label: own) }
        }
        try await once { _ = try await $0.createFile(path, label: own) }
        try await write(value, to: resolve(path))
    }

    private mutating func once(_ body: (inout Caller) async throws -> Void) async throws {
        do { try await body(&self) } catch let error as FileRefusal where error.code == .linkExists {}
    }
}
