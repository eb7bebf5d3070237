import Model

/// What guests ask of the files that their tenant's functions share, by the number of the host call.
enum FileOperation: UInt32 {
    /// path → kind u8 (0: nothing, 1: a file, 2: a folder), size u64, microseconds since 1970 u64, what its bytes are named by
    case status = 48
    /// path (empty: the outermost folder) → for each entry its name, and u8 whether it is a folder
    case list
    /// what the bytes are named by, offset u64, count u64 → bytes
    case read
    /// path, offset u64, u8 whether this is the last piece, bytes. A file is written in pieces one after another, from 0 on.
    case write
    /// path → u8 whether there was one
    case delete
    /// path, new path → u8 whether there was one
    case move
}

/// Gives calls the shared files of their tenant, which is the namespace of their function.
struct FileCalling: Sendable {
    /// Nil where the server keeps none.
    let files: SharedFiles?
    let active: ActiveCalls

    /// What one request may read.
    private static let maximumReadBytes = 16 << 20

    func answer(
        _ operation: FileOperation, _ request: [UInt8], of caller: ExecutionID, _ reply: @escaping HostCalls.Reply
    ) {
        guard let files else { return reply(.failure(HostCallRefusal("this server keeps no shared files"))) }
        guard let tenant = active[caller]?.function.namespace else {
            return reply(.failure(HostCallRefusal("the call has ended")))
        }
        Task {
            do throws(PlatformError) {
                guard let fields = try? HostFields.decode(request) else { throw .malformed }
                reply(.success(HostFields.encode(try await answer(operation, fields, files, tenant, caller))))
            } catch { reply(.failure(HostCallRefusal(error.message, Self.kind(error.code)))) }
        }
    }

    private func answer(
        _ operation: FileOperation, _ fields: [ArraySlice<UInt8>], _ files: SharedFiles, _ tenant: Namespace,
        _ caller: ExecutionID
    ) async throws(PlatformError) -> [[UInt8]] {
        let counts: [FileOperation: Int] = [.status: 1, .list: 1, .read: 3, .write: 4, .delete: 1, .move: 2]
        guard fields.count == counts[operation] else { throw .malformed }
        switch operation {
        case .status: return Self.status(files.find(try Self.path(fields[0]), of: tenant))
        case .list:
            let folder = fields[0].isEmpty ? nil : try Self.path(fields[0])
            guard let entries = files.list(folder, of: tenant) else {
                throw PlatformError(.notFound, "There is no such folder of shared files.")
            }
            return entries.flatMap { [Array($0.name.utf8), [$0.isFolder ? 1 : 0]] }
        case .read:
            guard let content = BlobHash(bytes: fields[0]), let offset = Self.number(fields[1]),
                let count = Self.number(fields[2])
            else { throw .malformed }
            return [try files.read(content, at: offset, count: min(count, Self.maximumReadBytes), of: tenant)]
        case .write:
            guard let offset = Self.number(fields[1]), let isLast = HostFields.number(fields[2], as: UInt8.self) else {
                throw .malformed
            }
            try await write(fields[3], at: offset, isLast == 1, to: try Self.path(fields[0]), files, tenant, caller)
            return []
        case .delete: return [[try await files.delete(try Self.path(fields[0]), of: tenant) ? 1 : 0]]
        case .move:
            let (from, to) = (try Self.path(fields[0]), try Self.path(fields[1]))
            return [[try await files.move(from, to: to, of: tenant) ? 1 : 0]]
        }
    }

    private func write(
        _ bytes: ArraySlice<UInt8>, at offset: Int, _ isLast: Bool, to path: SharedPath, _ files: SharedFiles,
        _ tenant: Namespace, _ caller: ExecutionID
    ) async throws(PlatformError) {
        let writer: SharedFileWriter
        if offset > 0 {
            guard let known = active.upload(of: caller), known.length == offset else { throw .malformed }
            writer = known
        } else {
            writer = try files.begin(for: tenant)
            active.setUpload(writer, of: caller)
        }
        try await writer.append(bytes)
        guard isLast else { return }
        active.setUpload(nil, of: caller)
        try await files.finish(writer, as: path)
    }

    private static func status(_ found: SharedFiles.Found?) -> [[UInt8]] {
        switch found {
        case .file(let file):
            return [
                [1], HostFields.bytes(UInt64(file.size)), HostFields.bytes(UInt64(file.modifiedAt.microseconds)),
                file.content.bytes,
            ]
        case .folder, nil:
            return [[found == nil ? 0 : 2], HostFields.bytes(UInt64(0)), HostFields.bytes(UInt64(0)), []]
        }
    }

    private static func path(_ field: ArraySlice<UInt8>) throws(PlatformError) -> SharedPath {
        guard let text = String(validating: field, as: UTF8.self) else { throw .malformed }
        return try SharedPath(text)
    }

    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        HostFields.number(field, as: UInt64.self).map { Int(clamping: $0) }
    }

    /// The Python exception that says the same.
    private static func kind(_ code: PlatformError.Code) -> HostCallRefusal.Kind {
        switch code {
        case .invalidRequest: .value
        case .notFound: .notFound
        case .conflict: .permission
        case .tooLarge: .memory
        default: .system
        }
    }
}

extension PlatformError {
    fileprivate static let malformed = PlatformError(
        .invalidRequest, "The request to the shared files has another form.")
}
