import Glibc

/// A folder that goes away with its last holder.
public final class TemporaryFolder: Sendable {
    public struct CannotMake: Error {}

    public let path: String

    public init() throws {
        var template = Array("/tmp/swiftlet-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CannotMake() }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        guard let folder = opendir(path) else { return }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { unlink("\(path)/\(name)") }
        }
        closedir(folder)
        rmdir(path)
    }
}

extension TemporaryFolder {
    /// The permission bits of a file.
    public func mode(of name: String) -> UInt32? {
        var status = stat()
        return stat("\(path)/\(name)", &status) == 0 ? status.st_mode & 0o777 : nil
    }

    /// Changes the permission bits of a file.
    public func setMode(of name: String, _ mode: UInt32) { chmod("\(path)/\(name)", mode) }

    /// The content of a small file.
    public func read(_ name: String) throws -> String {
        guard let file = fopen("\(path)/\(name)", "r") else { throw CannotMake() }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
    }
}
