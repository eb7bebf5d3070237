/// Writes an uncompressed tar archive (POSIX ustar).
struct TarWriter {
    private(set) var bytes: [UInt8] = []

    /// Adds a file. A long name is divided at a slash; one that cannot be is refused.
    mutating func add(_ path: String, _ content: [UInt8]) throws(ClientError) {
        guard let (prefix, name) = Self.divided(path) else {
            throw .local("The file name `\(path)` is too long for an archive.")
        }
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        put(name, at: 0)
        put("0000644", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(Self.octal(content.count, 11), at: 124)
        put("00000000000", at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put(prefix, at: 345)
        put(Self.octal(header.reduce(0) { $0 + Int($1) }, 6) + "\0 ", at: 148)
        bytes += header
        bytes += content
        bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// The archive with its end mark.
    var archive: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    /// The header's two fields for a name: up to 155 bytes, and up to 100 after the slash between them.
    private static func divided(_ path: String) -> (prefix: String, name: String)? {
        if path.utf8.count <= 100 { return ("", path) }
        return path.indices.lazy.filter { path[$0] == "/" }
            .map { (String(path[..<$0]), String(path[path.index(after: $0)...])) }
            .first { $0.0.utf8.count <= 155 && (1...100).contains($0.1.utf8.count) }
    }

    private static func octal(_ number: Int, _ digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: digits - text.count) + text
    }
}
