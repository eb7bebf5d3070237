import Client
import Glibc
import Packages

/// What the user names as a function's code: a file of Python, or a package as a folder or an archive.
enum CodeFile {
    case source(String)
    /// The bytes of an archive.
    case package([UInt8])

    static func read(_ path: String) throws(ClientError) -> CodeFile {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            do throws(PackageError) {
                return .package(StoredArchive.encode(try FolderReader.read(path)))
            } catch { throw .local(error.message) }
        }
        let bytes: [UInt8]
        do throws(PrivateFile.Failure) { bytes = try PrivateFile.read(path) } catch { throw .local(error.message) }
        return PackageReader.isArchive(bytes) ? .package(bytes) : .source(try SourceFile.read(path))
    }

    var source: String? { if case .source(let text) = self { text } else { nil } }

    var package: [UInt8]? { if case .package(let bytes) = self { bytes } else { nil } }
}
