import Glibc

/// Reading and writing of small files that only their owner may see.
package enum PrivateFile {
    /// Files beyond this size are refused: none of ours comes near it.
    static let maximumBytes = 16 << 20

    /// What a system call said.
    package struct Failure: Error, Sendable {
        package let path: String
        package let code: Int32

        package var message: String { "`\(path)`: \(String(cString: strerror(code)))" }

        package var isAbsence: Bool { code == ENOENT || code == ENOTDIR }
    }

    /// Who owns a file, and who else may reach it.
    struct Status {
        var owner: uid_t
        var mode: mode_t

        var isFolder: Bool { mode & S_IFMT == S_IFDIR }

        /// Whether nobody but its owner and root could have written it.
        func isTrusted(by user: uid_t) -> Bool { (owner == user || owner == 0) && mode & 0o022 == 0 }
    }

    /// Reads a whole file.
    package static func read(_ path: String) throws(Failure) -> [UInt8] {
        try readWithStatus(path, flags: 0).bytes
    }

    /// Reads a file, and who could have written it; `flags` are added to those of `open`.
    static func readWithStatus(_ path: String, flags: Int32) throws(Failure) -> (bytes: [UInt8], status: Status) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | flags)
        guard descriptor >= 0 else { throw Failure(path: path, code: errno) }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { throw Failure(path: path, code: errno) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw Failure(path: path, code: errno) }
            if count == 0 { break }
            bytes += chunk[..<count]
            guard bytes.count <= maximumBytes else { throw Failure(path: path, code: EFBIG) }
        }
        return (bytes, Status(owner: information.st_uid, mode: information.st_mode))
    }

    /// The owner and mode of what is at `path`, of a symbolic link itself.
    static func status(_ path: String) -> Status? {
        var information = stat()
        guard lstat(path, &information) == 0 else { return nil }
        return Status(owner: information.st_uid, mode: information.st_mode)
    }

    /// Makes `path` hold `bytes` with mode 0600, in one step: a reader sees the old content or the new one.
    package static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(path: path, code: errno) }
        var written = 0
        var code: Int32 = 0
        while written < bytes.count && code == 0 {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written) }
            if count >= 0 { written += count } else if errno != EINTR { code = errno }
        }
        if fsync(descriptor) != 0 && code == 0 { code = errno }
        close(descriptor)
        if code == 0 && rename(temporary, path) != 0 { code = errno }
        guard code == 0 else {
            unlink(temporary)
            throw Failure(path: path, code: code)
        }
    }

    /// Makes the folder with mode 0700, and those above it.
    package static func makeFolder(_ path: String) throws(Failure) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        let parent = path.split(separator: "/").dropLast().joined(separator: "/")
        guard errno == ENOENT, !parent.isEmpty else { throw Failure(path: path, code: errno) }
        try makeFolder(path.hasPrefix("/") ? "/" + parent : parent)
        if mkdir(path, 0o700) != 0 && errno != EEXIST { throw Failure(path: path, code: errno) }
    }
}
