import Client
import FoundationEssentials

/// Files that the user names.
enum SourceFile {
    /// Reads a file of anything.
    static func bytes(_ path: String) throws(ClientError) -> [UInt8] {
        do { return try PrivateFile.read(path) } catch { throw .local(error.message) }
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    static func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }

    /// Writes a file that others may read, and the folders that it is in.
    static func write(_ bytes: [UInt8], to path: String) throws(ClientError) {
        do {
            if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
                try FileManager.default.createDirectory(
                    atPath: String(path[..<slash]), withIntermediateDirectories: true)
            }
            try Data(bytes).write(to: URL(filePath: path))
        } catch { throw .local("Cannot write `\(path)`: \(error)") }
    }

    /// Copies a file, however large, in the place of what was there.
    static func copy(_ path: String, to other: String) throws(ClientError) {
        do {
            if exists(other) { try FileManager.default.removeItem(atPath: other) }
            try FileManager.default.copyItem(atPath: path, toPath: other)
        } catch { throw .local("Cannot write `\(other)`: \(error)") }
    }

    /// Reads a file of text.
    static func read(_ path: String) throws(ClientError) -> String {
        do {
            guard let text = String(validating: try PrivateFile.read(path), as: UTF8.self) else {
                throw ClientError.local("`\(path)` is not text in UTF-8.")
            }
            return text
        } catch let failure as PrivateFile.Failure {
            throw .local(failure.message)
        } catch let error as ClientError {
            throw error
        } catch {
            throw .local("\(error)")
        }
    }
}
