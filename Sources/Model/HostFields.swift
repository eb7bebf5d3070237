/// The bytes of requests of guests and of replies to them: a list of fields, each a 32-bit little-endian length and so many
/// bytes.
public enum HostFields {
    /// No request of the platform has more, but for awaiting, which has one a call.
    public static let maximumFields = 100_000

    /// Cuts bytes that somebody else wrote into fields, which share their memory.
    public static func decode(_ bytes: [UInt8]) throws(MalformedHostFields) -> [ArraySlice<UInt8>] {
        var fields: [ArraySlice<UInt8>] = []
        var position = 0
        while position < bytes.count {
            guard bytes.count - position >= 4 else {
                throw MalformedHostFields("byte \(position): the length of a field is cut off")
            }
            let length = (0..<4).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
            position += 4
            guard bytes.count - position >= length else {
                throw MalformedHostFields(
                    "byte \(position): a field of \(length) bytes, but only \(bytes.count - position) are left")
            }
            guard fields.count < maximumFields else {
                throw MalformedHostFields("there are more than \(maximumFields) fields")
            }
            fields.append(bytes[position..<position + length])
            position += length
        }
        return fields
    }

    /// Joins fields, none of which has 4 GiB or more.
    public static func encode(_ fields: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(fields.reduce(0) { $0 + $1.count + 4 })
        for field in fields { append(field, to: &bytes) }
        return bytes
    }

    /// Adds a field at the end of a message.
    public static func append(_ field: [UInt8], to message: inout [UInt8]) {
        append(length: field.count, to: &message)
        message += field
    }

    /// Adds a text as a field at the end of a message.
    public static func append(_ text: String, to message: inout [UInt8]) {
        append(length: text.utf8.count, to: &message)
        message.append(contentsOf: text.utf8)
    }

    private static func append(length: Int, to message: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(length).littleEndian) { message.append(contentsOf: $0) }
    }

    /// The little-endian bytes of a number.
    public static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    /// A little-endian number that fills a field; nil where the field has another length.
    public static func number<Number: FixedWidthInteger>(
        _ field: ArraySlice<UInt8>, as type: Number.Type = Number.self
    ) -> Number? {
        guard field.count == Number.bitWidth / 8 else { return nil }
        return field.reversed().reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
    }
}

/// Bytes that are no list of fields.
public struct MalformedHostFields: Error, Sendable, Equatable {
    public let message: String

    init(_ message: String) { self.message = message }
}
