import Client
import Glibc
import Packages

/// What the user names as a function's code: a file of Python, or a package as a folder or an archive.
struct CodeFile {
    private(set) var source: String?
    /// The bytes of an archive.
    private(set) var package: [UInt8]?

    init(reading path: String) throws(ClientError) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            return try self.init(readingFile: path)
        }
        do throws(PackageError) {
            package = StoredArchive.encode(try FolderReader.read(path))
        } catch { throw .local(error.message) }
    }

    private init(readingFile path: String) throws(ClientError) {
        let bytes: [UInt8]
        do throws(PrivateFile.Failure) { bytes = try PrivateFile.read(path) } catch { throw .local(error.message) }
        if PackageReader.isArchive(bytes) {
            package = bytes
        } else {
            source = try SourceFile.read(path)
        }
    }
}
