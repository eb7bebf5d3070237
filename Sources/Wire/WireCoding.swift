/// Why bytes from the other process are no frame.
public struct WireError: Error, Equatable, Sendable {
    public let message: String
    public init(_ message: String) { self.message = message }
}

/// Appends numbers (little-endian), byte strings (length first) and lists to a buffer.
struct WireWriter {
    var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(512) }

    mutating func put(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }

    mutating func put(_ value: Bool) { put(UInt8(value ? 1 : 0)) }

    mutating func put(_ value: [UInt8]) {
        put(UInt32(value.count))
        bytes += value
    }

    mutating func put(_ value: String) {
        var value = value
        value.withUTF8 { utf8 in
            put(UInt32(utf8.count))
            bytes += utf8
        }
    }

    mutating func put(_ value: [UInt8]?) {
        put(value != nil)
        if let value { put(value) }
    }

    mutating func put<Element>(list: [Element], _ each: (inout WireWriter, Element) -> Void) {
        put(UInt32(list.count))
        for element in list { each(&self, element) }
    }
}

/// Reads what a ``WireWriter`` wrote; every length is checked against what is left.
struct WireReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func number<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(WireError) -> Value {
        let size = MemoryLayout<Value>.size
        guard bytes.count - position >= size else { throw WireError("the frame is cut off") }
        defer { position += size }
        return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Value.self))
    }

    mutating func bool() throws(WireError) -> Bool {
        switch try number(UInt8.self) {
        case 0: false
        case 1: true
        default: throw WireError("a yes or no is neither")
        }
    }

    mutating func byteString() throws(WireError) -> [UInt8] { Array(try slice()) }

    mutating func text() throws(WireError) -> String {
        guard let text = String(validating: try slice(), as: UTF8.self) else { throw WireError("a text is not UTF-8") }
        return text
    }

    mutating func optionalByteString() throws(WireError) -> [UInt8]? { try bool() ? byteString() : nil }

    /// Reads a list whose elements take at least `minimumBytes` each, so that a forged count allocates nothing.
    mutating func list<Element>(
        minimumBytes: Int, _ each: (inout WireReader) throws(WireError) -> Element
    ) throws(WireError) -> [Element] {
        let count = Int(try number(UInt32.self))
        guard count <= (bytes.count - position) / minimumBytes else {
            throw WireError("a list is longer than its frame")
        }
        var result: [Element] = []
        result.reserveCapacity(count)
        for _ in 0..<count { result.append(try each(&self)) }
        return result
    }

    /// Throws where bytes are left over.
    func finish() throws(WireError) {
        guard position == bytes.count else { throw WireError("the frame is longer than its content") }
    }

    private mutating func slice() throws(WireError) -> Slice<UnsafeRawBufferPointer> {
        let count = Int(try number(UInt32.self))
        guard count <= bytes.count - position else { throw WireError("the frame is cut off") }
        defer { position += count }
        return bytes[position..<position + count]
    }
}
