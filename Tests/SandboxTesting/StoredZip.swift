/// A zip archive of stored entries, as tests want it.
public struct StoredZip {
    private struct Entry {
        var name: String
        var offset: Int
        var count: Int
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []

    public init(_ files: [(name: String, content: [UInt8])] = []) {
        for file in files { add(file.name, file.content) }
    }

    public mutating func add(_ name: String, _ content: [UInt8]) {
        entries.append(Entry(name: name, offset: bytes.count, count: content.count))
        bytes += Self.header(0x0403_4B50) + Self.number(20, 2) + Self.number(0, 12)
        bytes += Self.number(content.count, 4) + Self.number(content.count, 4)
        bytes += Self.number(name.utf8.count, 2) + Self.number(0, 2) + Array(name.utf8) + content
    }

    /// The archive with its directory.
    public var encoded: [UInt8] {
        var result = bytes
        for entry in entries {
            result += Self.header(0x0201_4B50) + Self.number(20, 2) + Self.number(20, 2) + Self.number(0, 12)
            result += Self.number(entry.count, 4) + Self.number(entry.count, 4)
            result += Self.number(entry.name.utf8.count, 2) + Self.number(0, 12) + Self.number(entry.offset, 4)
            result += Array(entry.name.utf8)
        }
        let directory = result.count - bytes.count
        result += Self.header(0x0605_4B50) + Self.number(0, 4) + Self.number(entries.count, 2)
        result += Self.number(entries.count, 2) + Self.number(directory, 4) + Self.number(bytes.count, 4) + [0, 0]
        return result
    }

    private static func header(_ signature: UInt32) -> [UInt8] { number(Int(signature), 4) }

    private static func number(_ value: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
