import CLinux
import Crypto
import Dispatch
import Glibc
public import Model
import Synchronization

/// A blob in the making. It is dropped, with its room, unless it is sealed.
///
/// Whoever appends does not wait for the disk, nor for the digest: both are made on a queue of the writer's own.
public final class BlobWriter: Sendable {
    private struct State {
        /// Bytes that were taken, and how many of them are not written yet.
        var length = 0
        var waiting = 0
        var pieces: [ArraySlice<UInt8>] = []
        var isDraining = false
        var isSealed = false
        var failure: BlobError?
        /// Those who may go on once less waits.
        var waiters: [CheckedContinuation<Void, Never>] = []

        /// Small pieces are put together: each costs a call of the system.
        mutating func take(_ bytes: ArraySlice<UInt8>) {
            length += bytes.count
            waiting += bytes.count
            if let last = pieces.last?.count, last + bytes.count <= 64 << 10 {
                pieces[pieces.count - 1] += bytes
            } else if !bytes.isEmpty {
                pieces.append(bytes)
            }
        }

        /// Those who may go on.
        mutating func noteWritten(_ count: Int) -> [CheckedContinuation<Void, Never>] {
            waiting -= count
            guard waiting <= maximumWaitingBytes else { return [] }
            defer { waiters = [] }
            return waiters
        }
    }

    /// What was written. Only the queue gets at it, and who drops the writer.
    private struct File {
        let descriptor: Int32
        var hasher = SHA256()
        var length = 0
        /// The file has its name, or is gone.
        var isDone = false
    }

    /// So much is written at once at least, but for the end.
    private static let pieceBytes = 256 << 10
    /// The most that may wait when more is taken.
    private static let maximumWaitingBytes = 4 << 20

    private let folder: BlobFolder
    private let path: String
    private let reservation: Reservation
    private let queue = DispatchQueue(label: "swiftlet.blob")
    private let state = Mutex(State())
    private let file: Mutex<File>

    init(_ folder: BlobFolder, _ descriptor: Int32, _ path: String, _ reservation: Reservation) {
        self.folder = folder
        self.path = path
        self.reservation = reservation
        file = Mutex(File(descriptor: descriptor))
    }

    deinit {
        file.withLock { file in
            close(file.descriptor)
            if !file.isDone { unlink(path) }
        }
    }

    /// Bytes that were taken so far.
    public var length: Int { state.withLock { $0.length } }

    /// Appends all of `bytes`; nothing of them where it throws `quotaExceeded`. That they could not be written may be thrown
    /// later. Returns when more may come.
    public func append(_ bytes: some Sequence<UInt8>) async throws(BlobError) {
        let bytes = bytes as? ArraySlice<UInt8> ?? ArraySlice(bytes)
        let mustWait = try state.withLock { state throws(BlobError) in
            guard !state.isSealed else { throw BlobError(.closed, "The blob was sealed before.") }
            if let failure = state.failure { throw failure }
            guard reservation.grow(by: bytes.count) else {
                throw BlobError(.quotaExceeded, "The owner may not keep \(bytes.count) bytes more.")
            }
            state.take(bytes)
            if state.waiting >= Self.pieceBytes, !state.isDraining {
                state.isDraining = true
                queue.async { self.drain() }
            }
            return state.waiting > Self.maximumWaitingBytes
        }
        guard mustWait else { return }
        await withCheckedContinuation { continuation in
            let mayGoOn = state.withLock { state in
                guard state.waiting > Self.maximumWaitingBytes else { return true }
                state.waiters.append(continuation)
                return false
            }
            if mayGoOn { continuation.resume() }
        }
    }

    /// Makes the blob durable and gives it its name. Where it throws, the blob is dropped.
    public func seal() async throws(BlobError) -> SealedBlob {
        try state.withLock { state throws(BlobError) in
            guard !state.isSealed else { throw BlobError(.closed, "The blob was sealed before.") }
            state.isSealed = true
        }
        let result: Result<SealedBlob, BlobError> = await withCheckedContinuation { continuation in
            queue.async {
                self.drain()
                do throws(BlobError) { continuation.resume(returning: .success(try self.finish())) } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    // MARK: On the queue

    /// Writes what waits.
    private func drain() {
        while true {
            let pieces = state.withLock { state in
                state.isDraining = !state.pieces.isEmpty
                defer { state.pieces = [] }
                return state.pieces
            }
            guard !pieces.isEmpty else { return }
            for piece in pieces {
                var failure = state.withLock { $0.failure }
                if failure == nil { do throws(BlobError) { try write(piece) } catch { failure = error } }
                let waiters = state.withLock { state in
                    state.failure = failure
                    return state.noteWritten(piece.count)
                }
                for waiter in waiters { waiter.resume() }
            }
        }
    }

    private func write(_ piece: ArraySlice<UInt8>) throws(BlobError) {
        try file.withLock { file throws(BlobError) in
            let isWritten = piece.withUnsafeBytes { bytes in
                var offset = 0
                while offset < bytes.count {
                    let written = pwrite(
                        file.descriptor, bytes.baseAddress! + offset, bytes.count - offset, off_t(file.length + offset))
                    if written < 0, errno == EINTR { continue }
                    guard written > 0 else { return false }
                    offset += written
                }
                file.hasher.update(bufferPointer: bytes)
                return true
            }
            guard isWritten else { throw .system("write", path) }
            // So that little is left to wait for when it is synced.
            linux_begin_writing(file.descriptor, Int64(file.length), Int64(piece.count))
            file.length += piece.count
        }
    }

    private func finish() throws(BlobError) -> SealedBlob {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        return try file.withLock { file throws(BlobError) in
            guard let hash = BlobHash(bytes: Array(file.hasher.finalize())) else {
                throw BlobError(.corrupt, "The digest has another length.")
            }
            if let pin = try folder.known(hash, length: file.length) {
                return SealedBlob(pin: pin, length: file.length, reservation: reservation)
            }
            guard fsync(file.descriptor) == 0 else { throw .system("sync", path) }
            let pin = try folder.name(path, hash)
            file.isDone = true
            return SealedBlob(pin: pin, length: file.length, reservation: reservation)
        }
    }
}

/// A sealed blob that has its name. It is not collected while this exists.
public struct SealedBlob: Sendable {
    public let pin: BlobPin
    /// In bytes.
    public let length: Int
    /// The room that it takes; whoever records a name for the blob commits it.
    public let reservation: Reservation

    public var hash: BlobHash { pin.hash }
}
