internal import FoundationEssentials

/// Reads a package from a folder of the user's own: what a command does before it sends it.
public enum FolderReader {
    /// Names that are no part of a program: what Python and editors leave behind.
    static func isLeftOut(_ name: String) -> Bool { name.hasPrefix(".") || name == "__pycache__" }

    /// Reads all files below a folder, but for hidden ones and `__pycache__`. Links are refused, by name; where `leaveOut` is
    /// given, it is told of each, and they are left out.
    public static func read(
        _ folder: String, limits: PackageLimits = PackageLimits(), leaveOut: ((String) -> Void)? = nil
    ) throws(PackageError) -> PackageTree {
        var tree = PackageTree(limits: limits)
        try read(folder, "", into: &tree, leaveOut)
        return tree
    }

    private static func read(
        _ folder: String, _ prefix: String, into tree: inout PackageTree, _ leaveOut: ((String) -> Void)?
    ) throws(PackageError) {
        for name in try names(in: folder) where !isLeftOut(name) {
            let (path, place) = ("\(folder)/\(name)", prefix + name)
            switch try kind(of: path) {
            case .typeDirectory:
                try tree.addFolder(place)
                try read(path, place + "/", into: &tree, leaveOut)
            case .typeRegular:
                guard let content = FileManager.default.contents(atPath: path) else { throw unreadable(path) }
                try tree.add(place, Array(content))
            default:
                if let leaveOut {
                    leaveOut(path)
                    continue
                }
                throw PackageError(.forbidden, "`\(path)` is a link or a device: only files and folders are taken.")
            }
        }
    }

    private static func names(in folder: String) throws(PackageError) -> [String] {
        do { return try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch {
            throw unreadable(folder)
        }
    }

    private static func kind(of path: String) throws(PackageError) -> FileAttributeType? {
        do { return try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType } catch {
            throw unreadable(path)
        }
    }

    private static func unreadable(_ path: String) -> PackageError {
        PackageError(.unavailable, "`\(path)` cannot be read.")
    }
}
