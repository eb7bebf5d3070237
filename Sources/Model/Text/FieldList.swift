/// A list of byte strings in one: each with its length before it, as 32 bits, least significant byte first.
public enum FieldList {
    /// The fields one after another.
    public static func encoded(_ fields: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(fields.reduce(0) { $0 + $1.count + 4 })
        for field in fields {
            withUnsafeBytes(of: UInt32(field.count).littleEndian) { bytes.append(contentsOf: $0) }
            bytes += field
        }
        return bytes
    }

    /// The fields of a list; nil where the bytes are no such thing.
    public static func decoded(_ bytes: [UInt8]) -> [[UInt8]]? {
        var fields: [[UInt8]] = []
        var position = 0
        while position < bytes.count {
            guard bytes.count - position >= 4 else { return nil }
            let count = (0..<4).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
            position += 4
            guard bytes.count - position >= count else { return nil }
            fields.append(Array(bytes[position..<position + count]))
            position += count
        }
        return fields
    }
}
