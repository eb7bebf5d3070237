import Client
import FoundationEssentials
import Packages

/// A function's files on their way to the server.
struct FunctionPackage {
    /// What is sent.
    var content: MultipartForm.Content
    /// What the user should know of it.
    var warnings: [String] = []

    static let entryFile = "workload.py"

    /// Packs a directory or a file of Python; takes archives as they are, but for what `requirements` adds.
    static func read(
        _ path: String, _ requirements: RequirementOptions? = nil
    ) async throws(ClientError) -> FunctionPackage {
        var warnings: [String] = []
        var tree: PackageTree
        var isArchive = false
        do throws(PackageError) {
            if SourceFile.isFolder(path) {
                tree = try FolderReader.read(path) { warnings.append(leftOut($0)) }
            } else if path.hasSuffix(".py") {
                var single = PackageTree()
                try single.add(entryFile, try bytes(path))
                tree = single
            } else {
                tree = try PackageReader.read(try bytes(path))
                isArchive = requirements?.requirements == nil
            }
            try await requirements?.add(to: &tree)
        } catch { throw .local("`\(path)`: \(error.message)") }
        guard tree.files[entryFile] != nil else {
            throw withoutEntry(path)
        }
        warnings += NativeModules.warnings(tree)
        return FunctionPackage(
            content: isArchive ? try .file(path) : .bytes(StoredArchive.encode(tree)), warnings: warnings)
    }

    static func withoutEntry(_ path: String) -> ClientError {
        .local("`\(path)` has no `\(entryFile)`, the file that defines `handle`.")
    }

    static func leftOut(_ path: String) -> String { "`\(path)` is a link or a device, and is left out." }

    private static func bytes(_ path: String) throws(PackageError) -> [UInt8] {
        let limit = PackageLimits().maximumArchiveBytes
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw PackageError(.unavailable, "the file cannot be read.")
        }
        guard bytes.count <= limit else {
            throw PackageError(.tooLarge, "the file has \(bytes.count) bytes, but may have \(limit).")
        }
        return Array(bytes)
    }

    func report() { Self.report(warnings) }

    static func report(_ warnings: [String]) {
        for warning in warnings { StatusLine.show("Warning", warning) }
    }
}

/// Compiled extension modules, which cannot be loaded from a package.
enum NativeModules {
    /// Packages whose compiled parts the runtime has: its own copies win.
    private static let provided: Set<String> = ["PIL", "markupsafe", "yaml", "charset_normalizer"]
    private static let suffixes = [".so", ".pyd", ".dylib"]
    private static let folders: Set<String> = ["package", "lib"]

    /// A sentence for each one that the runtime lacks.
    static func warnings(_ tree: PackageTree) -> [String] {
        tree.files.keys.sorted().filter { isNative($0) && !isProvided($0) }.map {
            "`\($0)` is a compiled module, which cannot be loaded here: its import will fail."
        }
    }

    private static func isNative(_ path: String) -> Bool {
        suffixes.contains { path.hasSuffix($0) } || path.contains(".so.")
    }

    private static func isProvided(_ path: String) -> Bool {
        let parts = path.split(separator: "/").map(String.init)
        let inside = parts.first.map(folders.contains) ?? false ? parts.dropFirst() : parts[...]
        return inside.first.map { provided.contains($0) } ?? false
    }
}
