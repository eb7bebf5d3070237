#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Folders of sources.
public enum SourceFolder {
    private static let maximumFiles = 10_000

    /// All files below a folder, by their paths in it; nil where there is no such folder. Links are followed once.
    public static func files(_ folder: String) throws(ClientError) -> [String: [UInt8]]? {
        guard let status = PrivateFile.status(folder), status.isFolder else { return nil }
        guard let paths = try? FileManager.default.subpathsOfDirectory(atPath: folder) else {
            throw .local("The folder `\(folder)` cannot be read.")
        }
        guard paths.count <= maximumFiles else {
            throw .local("The folder `\(folder)` has more than \(maximumFiles) files.")
        }
        var files: [String: [UInt8]] = [:]
        for path in paths.sorted() {
            var isFolder: Bool = false
            guard FileManager.default.fileExists(atPath: "\(folder)/\(path)", isDirectory: &isFolder), !isFolder else {
                continue
            }
            do { files[path] = try PrivateFile.read("\(folder)/\(path)") } catch { throw .local(error.message) }
        }
        return files
    }

    /// Writes files below a folder, and makes the folders that they need.
    public static func write(_ files: [String: [UInt8]], to folder: String) throws(ClientError) {
        for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
            let whole = "\(folder)/\(path)"
            let parent = String(whole[..<(whole.lastIndex(of: "/") ?? whole.endIndex)])
            do {
                try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
                try Data(bytes).write(to: URL(filePath: whole))
            } catch { throw .local("`\(whole)` cannot be written.") }
        }
    }

    /// Deletes a folder with all that is in it.
    public static func remove(_ folder: String) throws(ClientError) {
        do { try FileManager.default.removeItem(atPath: folder) } catch {
            throw .local("`\(folder)` cannot be deleted.")
        }
    }
}
