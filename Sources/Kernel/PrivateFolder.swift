internal import Glibc

/// Folders that only their owner may look into.
public enum PrivateFolder {
    /// Why a folder cannot be made, in the system's words.
    public struct Failure: Error, CustomStringConvertible {
        let code: Int32

        public var description: String { String(cString: strerror(code)) }
    }

    /// Makes the folder with mode 0700, and those above it that are missing.
    public static func make(_ path: String) throws(Failure) {
        if mkdir(path, 0o700) == 0 { return }
        if errno == ENOENT, let parent = parent(of: path) {
            try make(parent)
            if mkdir(path, 0o700) == 0 { return }
        }
        let code = errno
        var information = stat()
        if stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR { return }
        throw Failure(code: code == EEXIST ? ENOTDIR : code)
    }

    private static func parent(of path: String) -> String? {
        let end = path.lastIndex { $0 != "/" } ?? path.startIndex
        guard let slash = path[..<end].lastIndex(of: "/"), slash > path.startIndex else { return nil }
        return String(path[..<slash])
    }
}
