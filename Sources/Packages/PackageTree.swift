/// The files of a package in memory. Whatever format they came in, what is in here is safe to mount: names stay inside the
/// tree, no path is there twice, nothing is a link, and all is within the limits.
public struct PackageTree: Sendable {
    /// Contents by path, such as `package/six.py`.
    public private(set) var files: [String: [UInt8]] = [:]
    /// Paths of folders, those that only stand in the paths of files included.
    public private(set) var folders: Set<String> = []
    /// Bytes of all files.
    public private(set) var byteCount = 0

    private let limits: PackageLimits
    private static let maximumNameBytes = 255

    /// An empty tree.
    public init(limits: PackageLimits = PackageLimits()) { self.limits = limits }

    public var isEmpty: Bool { files.isEmpty && folders.isEmpty }

    /// Adds a file; its folders come with it. With `replacing`, one that is there already is replaced.
    public mutating func add(_ path: String, _ content: [UInt8], replacing: Bool = false) throws(PackageError) {
        try checkRoom(for: content.count, path)
        let parts = try parts(of: path)
        guard !folders.contains(path) else { throw Self.twice(path) }
        if let old = files[path] {
            guard replacing else { throw Self.twice(path) }
            byteCount -= old.count
        }
        try addFolders(parts.dropLast())
        files[path] = content
        byteCount += content.count
        try checkCount()
    }

    /// Adds a folder; it does no harm where it is there already.
    public mutating func addFolder(_ path: String) throws(PackageError) {
        try addFolders(parts(of: path)[...])
        try checkCount()
    }

    /// Refuses a file of so many bytes before anybody unpacks it.
    func checkRoom(for bytes: Int, _ path: String) throws(PackageError) {
        guard bytes >= 0, bytes <= limits.maximumFileBytes else {
            throw PackageError(
                .tooLarge, "`\(path)` has more than \(limits.maximumFileBytes) bytes (`maximumFileBytes`).")
        }
        guard byteCount + bytes <= limits.maximumBytes else {
            throw PackageError(
                .tooLarge,
                "The package has more than \(limits.maximumBytes) bytes when it is unpacked (`maximumBytes`, and at most "
                    + "\(limits.maximumRatio) times the archive's size: `maximumRatio`).")
        }
    }

    /// What is below a folder, without the folder's own path. Empty where there is no such folder.
    public func subtree(_ folder: String) -> PackageTree {
        var result = PackageTree(limits: limits)
        let prefix = folder + "/"
        for (path, content) in files where path.hasPrefix(prefix) {
            result.files[String(path.dropFirst(prefix.count))] = content
            result.byteCount += content.count
        }
        for path in folders where path.hasPrefix(prefix) {
            result.folders.insert(String(path.dropFirst(prefix.count)))
        }
        return result
    }

    private func checkCount() throws(PackageError) {
        guard files.count + folders.count <= limits.maximumEntries else {
            throw PackageError(
                .tooLarge,
                "The package has more than \(limits.maximumEntries) files and folders (`maximumEntries`).")
        }
    }

    private mutating func addFolders(_ parts: ArraySlice<Substring>) throws(PackageError) {
        var path = ""
        for part in parts {
            path += path.isEmpty ? String(part) : "/\(part)"
            guard files[path] == nil else { throw Self.twice(path) }
            folders.insert(path)
        }
    }

    /// The names in a path, each of them harmless.
    private func parts(of path: String) throws(PackageError) -> [Substring] {
        guard path.utf8.count <= limits.maximumPathBytes else {
            throw PackageError(
                .tooLarge, "A path has more than \(limits.maximumPathBytes) bytes (`maximumPathBytes`).")
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= limits.maximumDepth else {
            throw PackageError(
                .tooLarge, "`\(path)` is more than \(limits.maximumDepth) folders deep (`maximumDepth`).")
        }
        for part in parts {
            guard !part.isEmpty, part != ".", part != "..", part.utf8.count <= Self.maximumNameBytes,
                part.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") })
            else {
                throw PackageError(
                    .forbidden,
                    "The name `\(Self.shown(path))` is refused: names are relative, without `..`, `\\` and control "
                        + "characters.")
            }
        }
        return parts
    }

    private static func twice(_ path: String) -> PackageError {
        PackageError(.forbidden, "`\(path)` is in the package twice.")
    }

    /// A hostile name, fit to be printed.
    static func shown(_ text: String) -> String {
        String(text.unicodeScalars.prefix(200).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0) })
    }
}
