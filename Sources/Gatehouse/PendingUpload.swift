import Blobs
public import LabelledFiles

/// A file of a request that is being received. It is dropped unless it is finished.
public final class PendingUpload: Sendable {
    private let caller: Caller
    private let writer: BlobWriter

    init(_ caller: Caller) throws(GateFailure) {
        self.caller = caller
        do { writer = try caller.beginUpload() } catch { throw GateFailure(ofUpload: error) }
    }

    /// Appends bytes; `exhausted` where the user may not keep so many.
    public func append(_ bytes: some Sequence<UInt8>) async throws(GateFailure) {
        do { try await writer.append(bytes) } catch { throw GateFailure(ofUpload: error) }
    }

    /// Makes the file durable. It is kept for as long as somebody holds it or names it.
    public func finish() async throws(GateFailure) -> Upload {
        do { return try await caller.finishUpload(writer) } catch { throw GateFailure(ofUpload: error) }
    }
}

extension GateFailure {
    fileprivate init(ofUpload error: any Error) {
        switch error {
        case let error as BlobError where error.code == .quotaExceeded: self = .exhausted
        case let error as FileRefusal where error.code == .quotaExceeded: self = .exhausted
        default: self = .failed("The file could not be stored: \(error).")
        }
    }
}
