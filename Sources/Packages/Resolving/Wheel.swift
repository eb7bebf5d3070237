internal import Crypto
internal import Model

/// A distribution as a zip archive (PEP 427), told by its file's name what it is.
struct Wheel {
    var name: String
    var version: String
    /// Whether it works with every machine and interpreter.
    var isPure: Bool

    /// Nil where `fileName` is no wheel's.
    init?(fileName: String) {
        let parts = fileName.split(separator: "-", omittingEmptySubsequences: false)
        guard fileName.hasSuffix(".whl"), parts.count == 5 || parts.count == 6 else { return nil }
        name = String(parts[0])
        version = String(parts[1])
        isPure = parts[parts.count - 2] == "none" && parts[parts.count - 1] == "any.whl"
    }

    /// Unpacks `bytes` into `tree`, as an installer would: nothing in it is run.
    func unpack(_ bytes: [UInt8], into tree: inout PackageTree, limits: PackageLimits) throws(PackageError) {
        let content: PackageTree
        do throws(PackageError) { content = try PackageReader.read(bytes, limits: limits) } catch {
            throw PackageError(error.code, "The wheel of `\(name)`: \(error.message)")
        }
        let data = content.folders.first { !$0.contains("/") && $0.hasSuffix(".data") }
        for (path, file) in content.files.sorted(by: { $0.key < $1.key }) {
            guard let place = Self.place(of: path, data: data) else { continue }
            // Distributions share folders, and now and then an `__init__.py` in them: the last one stays, as with installers.
            try tree.add(place, file, replacing: true)
        }
    }

    /// Where a file goes; nil: nowhere. Of a `.data` folder only modules are of use: scripts and headers are not.
    private static func place(of path: String, data: String?) -> String? {
        guard let data, path.hasPrefix(data + "/") else { return path }
        for scheme in ["purelib/", "platlib/"] where path.dropFirst(data.count + 1).hasPrefix(scheme) {
            return String(path.dropFirst(data.count + 1 + scheme.count))
        }
        return nil
    }

    func locked(_ bytes: [UInt8]) -> LockedDistribution {
        LockedDistribution(
            name: Requirements.normalised(name), version: version, sha256: Hexadecimal.text(SHA256.hash(data: bytes)))
    }

    /// A distribution without content that stands for what is built into the sandbox, so that pip counts it as there.
    static func placeholder(_ name: String, _ version: String) throws(PackageError) -> (
        fileName: String, bytes: [UInt8]
    ) {
        let file = name.split(separator: "-").joined(separator: "_")
        let folder = "\(file)-\(version).dist-info"
        var tree = PackageTree()
        try tree.add("\(folder)/METADATA", Array("Metadata-Version: 2.1\nName: \(name)\nVersion: \(version)\n".utf8))
        try tree.add(
            "\(folder)/WHEEL",
            Array("Wheel-Version: 1.0\nGenerator: swiftlet\nRoot-Is-Purelib: true\nTag: py3-none-any\n".utf8))
        try tree.add("\(folder)/RECORD", [])
        return ("\(file)-\(version)-py3-none-any.whl", StoredArchive.encode(tree))
    }
}
