import Blobs
import Labels
import Model

/// Operations on blobs.
extension Caller {
    mutating func answerBlob(_ operation: FileOperation, _ fields: inout FieldReader) async throws -> [[UInt8]] {
        switch operation {
        case .blobCreate:
            _ = try fields.number(UInt64.self)  // A hint of the size, which files do not need.
            try fields.end()
            return [HostFields.bytes(try handles.add(.writer(try createBlob())))]
        case .blobWrite:
            let handle = try fields.handle()
            let bytes = try fields.slice()
            try fields.end()
            return [HostFields.bytes(UInt64(try await write(bytes, to: handle)))]
        case .blobFinalize: return try await finalize(&fields)
        case .blobRead:
            let blob = try blob(try fields.handle())
            let offset = try fields.number(UInt64.self)
            let length = try fields.number(UInt32.self)
            try fields.end()
            guard let start = Int(exactly: offset) else { return [[]] }
            let count = min(Int(length), files.limits.maximumTransferBytes)
            return [try blob.reader.bytes(at: start, count: count)]
        case .blobOpenByHash:
            let hash = try fields.hash()
            try fields.end()
            return try opened(try await open(hash))
        default:
            let handle = try fields.handle()
            try fields.end()
            guard handle != 0 else { throw FileRefusal(.invalidHandle) }
            try close(handle)
            return []
        }
    }

    /// How many bytes were taken: none of a sealed blob, or over the quota.
    private func write(_ bytes: ArraySlice<UInt8>, to handle: UInt32) async throws -> Int {
        if case .blob = handles[handle] { return 0 }
        guard bytes.count <= files.limits.maximumTransferBytes else { throw FileRefusal(.malformed) }
        do { try await writer(handle).append(bytes) } catch let error as BlobError where error.code == .quotaExceeded {
            return 0
        }
        return bytes.count
    }

    func append(_ bytes: [UInt8], to writer: BlobWriter) async throws {
        do { try await writer.append(bytes) } catch { throw error.refusal }
    }

    /// Seals a blob, and links it where that is asked for. A link that cannot be made is said, not thrown: the blob is.
    private mutating func finalize(_ fields: inout FieldReader) async throws -> [[UInt8]] {
        let handle = try fields.handle()
        let flags = try fields.number(UInt8.self)
        let path = try fields.path()
        let entryLabel = try fields.optionalLabel()
        try fields.end()
        let sealed: OpenBlob
        if case .blob(let blob) = handles[handle] {
            sealed = blob
        } else {
            sealed = try await seal(try writer(handle))
            handles.replace(handle, by: .blob(sealed))
        }
        var code: UInt8 = 0
        var isLinked = false
        if flags & 1 != 0 {
            do {
                if flags & 2 != 0 {
                    try await placeBlob(path, sealed, label: entryLabel)
                } else {
                    try await linkBlob(path, sealed, label: entryLabel)
                }
                isLinked = true
            } catch let error as FileRefusal { code = error.code.rawValue }
        }
        return [
            Array(sealed.hash.description.utf8), HostFields.bytes(UInt64(sealed.length)), [isLinked ? 1 : 0], [code],
        ]
    }
}
