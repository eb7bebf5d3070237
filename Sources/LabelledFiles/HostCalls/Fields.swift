/// Lists of fields, each a 32-bit little-endian length and so many bytes: how host calls are asked and answered.
public enum Fields {
    public static let maximumFields = 1 << 20

    /// Nil where lengths and bytes do not match to the end.
    public static func decode(_ bytes: [UInt8]) -> [[UInt8]]? {
        var fields: [[UInt8]] = []
        var place = 0
        while place < bytes.count {
            guard bytes.count - place >= 4, fields.count < maximumFields else { return nil }
            let length = Int(number(bytes[place..<place + 4]))
            place += 4
            guard length <= bytes.count - place else { return nil }
            fields.append(Array(bytes[place..<place + length]))
            place += length
        }
        return fields
    }

    /// Each field must be shorter than 4 GiB.
    public static func encode(_ fields: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(fields.reduce(0) { $0 + $1.count + 4 })
        for field in fields {
            bytes += Self.bytes(UInt32(field.count))
            bytes += field
        }
        return bytes
    }

    /// A number with the least byte first.
    static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    static func number(_ bytes: some Sequence<UInt8>) -> UInt64 {
        Array(bytes).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
