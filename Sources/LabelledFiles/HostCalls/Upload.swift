public import Blobs
public import Model

/// A blob that comes from outside, such as a file of a request. It is open by its hash while this exists.
public struct Upload: Sendable {
    let blob: OpenBlob

    public var hash: BlobHash { blob.hash }
    public var length: Int { blob.length }
    /// Its bytes, for who sends them on.
    public var reader: BlobReader { blob.reader }
}

extension Caller {
    /// A blob to be written from outside, counted for this caller.
    public func beginUpload() throws -> BlobWriter { try createBlob() }

    /// Seals an upload; its bytes have the current label.
    public func finishUpload(_ writer: BlobWriter) async throws -> Upload { Upload(blob: try await seal(writer)) }
}
