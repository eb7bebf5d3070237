/// Bytes that somebody else wrote. Every access is checked; numbers are little-endian.
struct Bytes {
    private let array: [UInt8]

    init(_ array: [UInt8]) { self.array = array }

    var count: Int { array.count }

    func slice(at offset: Int, _ count: Int) throws(PackageError) -> ArraySlice<UInt8> {
        guard offset >= 0, count >= 0, offset <= array.count, count <= array.count - offset else {
            throw .damaged("it is cut off")
        }
        return array[offset..<offset + count]
    }

    func u16(at offset: Int) throws(PackageError) -> Int { try number(offset, 2) }

    func u32(at offset: Int) throws(PackageError) -> Int { try number(offset, 4) }

    /// A number of 64 bits that is a place or a size here: one that is no `Int` is refused.
    func u64(at offset: Int) throws(PackageError) -> Int { try number(offset, 8) }

    func i16(at offset: Int) throws(PackageError) -> Int {
        Int(Int16(truncatingIfNeeded: try number(offset, 2)))
    }

    /// Whether `expected` stands at `offset`.
    func has(_ expected: [UInt8], at offset: Int) -> Bool {
        (try? slice(at: offset, expected.count))?.elementsEqual(expected) ?? false
    }

    /// UTF-8 text; anything else is refused.
    func text(at offset: Int, _ count: Int) throws(PackageError) -> String {
        try Self.text(slice(at: offset, count))
    }

    static func text(_ bytes: some Sequence<UInt8> & Collection) throws(PackageError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PackageError(.forbidden, "A name in the archive is not UTF-8.")
        }
        return text
    }

    private func number(_ offset: Int, _ size: Int) throws(PackageError) -> Int {
        var value: UInt64 = 0
        for byte in try slice(at: offset, size).reversed() { value = value << 8 | UInt64(byte) }
        guard let number = Int(exactly: value) else { throw .damaged("a number in it is too large") }
        return number
    }
}
