import Glibc
import Storage
import Synchronization

/// The right to be the only server on a data folder. It ends with the process, however that ends.
final class FolderLock: Sendable {
    /// -1: released.
    private let descriptor: Mutex<Int32>

    /// Takes the lock in `folder/lock`, or says which process holds it.
    init(folder: String) throws(StorageError) {
        let path = folder + "/lock"
        // Workers that this process starts must not inherit it: they may outlive a crash.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StorageError(
                .unavailable, "The file `\(path)` cannot be opened: \(String(cString: strerror(errno))).")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            defer { close(descriptor) }
            guard reason == EWOULDBLOCK else {
                throw StorageError(
                    .unavailable, "The file `\(path)` cannot be locked: \(String(cString: strerror(reason))).")
            }
            throw StorageError(
                .conflict,
                "The data folder `\(folder)` is in use by \(Self.holder(descriptor)): "
                    + "stop that server, or choose another folder with --data.")
        }
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.count, 0) == text.count else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw StorageError(.unavailable, "The file `\(path)` cannot be written: \(reason).")
        }
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    /// Lets another server have the folder.
    func release() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 {
                // A process that is just being started may hold a copy of the descriptor, and the lock with it.
                flock(descriptor, LOCK_UN)
                close(descriptor)
            }
            descriptor = -1
        }
    }

    private static func holder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let digits = String(decoding: bytes.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        return Int32(digits).map { "another server, process \($0)" } ?? "another server"
    }
}
