/// The coding of what guests ask of the platform and are answered: byte strings, each after its length as a 32-bit number,
/// little-endian like all numbers in them.
public enum HostFields {
    public static func encode(_ fields: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(fields.reduce(0) { $0 + 4 + $1.count })
        for field in fields {
            bytes += number(UInt32(field.count))
            bytes += field
        }
        return bytes
    }

    /// The fields of a message; nil where it is cut off.
    public static func decode(_ bytes: [UInt8]) -> [[UInt8]]? {
        var fields: [[UInt8]] = []
        var position = 0
        while position < bytes.count {
            guard let length = number(bytes, at: position, UInt32.self) else { return nil }
            position += 4
            guard bytes.count - position >= Int(length) else { return nil }
            fields.append(Array(bytes[position..<position + Int(length)]))
            position += Int(length)
        }
        return fields
    }

    public static func number(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    /// The number that a field is; nil where it has another width.
    public static func number<Value: FixedWidthInteger>(_ field: [UInt8], _ type: Value.Type = Value.self) -> Value? {
        field.count == MemoryLayout<Value>.size ? number(field, at: 0, type) : nil
    }

    /// The number that begins at a place; nil where the bytes end before it does.
    static func number<Value: FixedWidthInteger>(
        _ bytes: [UInt8], at position: Int, _ type: Value.Type
    ) -> Value? {
        guard bytes.count - position >= MemoryLayout<Value>.size else { return nil }
        return Value(
            littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: type) })
    }
}
