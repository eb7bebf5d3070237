/// The form that packages are kept and mounted in: a zip archive of stored entries, as the interpreter's library has it. Equal
/// trees have equal bytes: entries are in the order of their paths, and nothing in it is a time or an owner.
public enum StoredArchive {
    /// The bytes of a tree's archive.
    public static func encode(_ tree: PackageTree) -> [UInt8] {
        var writer = Writer()
        let parents = Set(tree.files.keys.map(parent)).union(tree.folders.map(parent))
        var names = tree.files.keys.map { ($0, tree.files[$0]) }
        // Folders that have something in them are named by that.
        names += tree.folders.subtracting(parents).map { ($0 + "/", nil) }
        names.sort { Array($0.0.utf8).lexicographicallyPrecedes(Array($1.0.utf8)) }
        for (name, content) in names { writer.add(name, content ?? []) }
        return writer.finish()
    }

    private static func parent(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    private struct Writer {
        var bytes: [UInt8] = []
        var directory: [UInt8] = []
        var count = 0

        mutating func add(_ name: String, _ content: [UInt8]) {
            let offset = bytes.count
            let common = Self.common(name, content)
            bytes += Self.number(0x0403_4B50, 4) + common + Array(name.utf8) + content
            // Made by Unix; no comment, first disk, no attributes.
            directory += Self.number(0x0201_4B50, 4) + Self.number(3 << 8 | 20, 2) + common
            directory += [UInt8](repeating: 0, count: 10) + Self.number(offset, 4) + Array(name.utf8)
            count += 1
        }

        mutating func finish() -> [UInt8] {
            let start = bytes.count
            bytes += directory + Self.number(0x0605_4B50, 4) + Self.number(0, 4)
            bytes += Self.number(count, 2) + Self.number(count, 2)
            bytes += Self.number(directory.count, 4) + Self.number(start, 4) + [0, 0]
            return bytes
        }

        /// What the two headers of an entry share: version 2.0, names in UTF-8, stored, the first day of 1980.
        private static func common(_ name: String, _ content: [UInt8]) -> [UInt8] {
            number(20, 2) + number(1 << 11, 2) + number(0, 2) + number(0, 2) + number(0x21, 2)
                + number(Int(CRC32.of(content)), 4) + number(content.count, 4) + number(content.count, 4)
                + number(name.utf8.count, 2) + number(0, 2)
        }

        private static func number(_ value: Int, _ size: Int) -> [UInt8] {
            (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
    }
}
