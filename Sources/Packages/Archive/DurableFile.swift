internal import Glibc
internal import Kernel

/// Small files that are on disk, whole, before they have their name.
enum DurableFile {
    static func write(_ bytes: [UInt8], to path: String, in folder: String) throws(PackageError) {
        let temporary = "\(path).\(UInt64.random(in: .min ... .max)).new"
        let number = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw failure(path) }
        let file = Descriptor(takingOver: number)
        guard bytes.withUnsafeBytes({ file.write($0) }), fsync(number) == 0, rename(temporary, path) == 0 else {
            let error = failure(path)
            unlink(temporary)
            throw error
        }
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw failure(folder) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw failure(folder) }
    }

    private static func failure(_ path: String) -> PackageError {
        PackageError(.unavailable, "`\(path)` cannot be written: \(String(cString: strerror(errno))).")
    }
}
