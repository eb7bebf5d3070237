#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A small file that only the server's user may read.
struct SecretFile {
    static let maximumBytes = 4096

    var path: String

    /// Reads the file, or makes it with what `create` returns where there is none.
    func readOrCreate(_ create: () -> [UInt8]) throws(PlatformError) -> [UInt8] {
        if let bytes = try load() { return bytes }
        let bytes = create()
        try replace(bytes)
        return bytes
    }

    /// The content; nil where there is no file.
    func load() throws(PlatformError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if descriptor < 0 {
            if errno == ENOENT { return nil }
            throw failure("cannot be read")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("cannot be read") }
        guard status.st_mode & 0o077 == 0 else {
            throw PlatformError(
                .internalFailure, "`\(path)` is a secret that others may read; run `chmod 600 \(path)` and start again."
            )
        }
        var bytes = [UInt8](repeating: 0, count: Self.maximumBytes)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw failure("cannot be read") }
        return Array(bytes[..<count])
    }

    /// Writes the file, whole or not at all: a crash leaves no half of a secret.
    func replace(_ bytes: [UInt8]) throws(PlatformError) {
        let draft = "\(path).new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure("cannot be made") }
        let written = write(descriptor, bytes, bytes.count)
        let synced = fsync(descriptor)
        close(descriptor)
        guard written == bytes.count, synced == 0, rename(draft, path) == 0 else {
            let error = failure("cannot be written")
            unlink(draft)
            throw error
        }
    }

    /// Deletes the file, where there is one.
    func remove() throws(PlatformError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw failure("cannot be deleted") }
    }

    private func failure(_ what: String) -> PlatformError {
        PlatformError(.internalFailure, "`\(path)` \(what): \(String(cString: strerror(errno))).")
    }
}
