import Crypto
import Dispatch
import Glibc
public import Model
import Synchronization

/// A blob in the making. It is dropped, with its room, unless it is sealed.
public final class BlobWriter: Sendable {
    private struct State {
        var hasher = SHA256()
        var length = 0
        /// -1: sealed or failed.
        var descriptor: Int32
    }

    private let folder: BlobFolder
    private let file: String
    private let reservation: Reservation
    private let state: Mutex<State>

    init(_ folder: BlobFolder, _ descriptor: Int32, _ file: String, _ reservation: Reservation) {
        self.folder = folder
        self.file = file
        self.reservation = reservation
        state = Mutex(State(descriptor: descriptor))
    }

    deinit {
        state.withLock { state in
            guard state.descriptor >= 0 else { return }
            close(state.descriptor)
            unlink(file)
        }
    }

    /// Bytes that were taken so far.
    public var length: Int { state.withLock { $0.length } }

    /// Appends all of `bytes`; nothing of them where it throws `quotaExceeded`.
    public func append(_ bytes: some Sequence<UInt8>) throws(BlobError) {
        let bytes = ContiguousArray(bytes)
        try state.withLock { state throws(BlobError) in
            guard state.descriptor >= 0 else { throw BlobError(.closed, "The blob was sealed before.") }
            guard reservation.grow(by: bytes.count) else {
                throw BlobError(.quotaExceeded, "The owner may not keep \(bytes.count) bytes more.")
            }
            var offset = 0
            while offset < bytes.count {
                let written = bytes.withUnsafeBytes { pointer in
                    pwrite(
                        state.descriptor, pointer.baseAddress! + offset, bytes.count - offset,
                        off_t(state.length + offset))
                }
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw .system("write", file) }
                offset += written
            }
            bytes.withUnsafeBytes { state.hasher.update(bufferPointer: $0) }
            state.length += bytes.count
        }
    }

    /// Makes the blob durable and gives it its name. Where it throws, the blob is dropped.
    public func seal() async throws(BlobError) -> SealedBlob {
        // Off the pool of tasks: the disk may take its time.
        let result: Result<SealedBlob, BlobError> = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                do throws(BlobError) {
                    continuation.resume(returning: .success(try self.sealNow()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    private func sealNow() throws(BlobError) -> SealedBlob {
        try state.withLock { state throws(BlobError) in
            guard state.descriptor >= 0 else { throw BlobError(.closed, "The blob was sealed before.") }
            let descriptor = state.descriptor
            state.descriptor = -1
            defer { close(descriptor) }
            guard let hash = BlobHash(bytes: Array(state.hasher.finalize())) else {
                throw BlobError(.corrupt, "The digest has another length.")
            }
            do throws(BlobError) {
                guard fsync(descriptor) == 0 else { throw .system("sync", file) }
                let pin = try folder.name(file, hash)
                return SealedBlob(pin: pin, length: state.length, reservation: reservation)
            } catch {
                unlink(file)
                throw error
            }
        }
    }
}

/// A blob that has its name. It is not collected while this exists.
public struct SealedBlob: Sendable {
    public let pin: BlobPin
    /// In bytes.
    public let length: Int
    /// The room that it takes; whoever records a name for the blob commits it.
    public let reservation: Reservation

    public var hash: BlobHash { pin.hash }
}
