internal import Kernel

/// A zip archive of stored entries, mapped: the interpreter's library, or a package.
struct StoredArchive: Sendable {
    let file: MappedFile
    let entries: [ZipDirectory.Entry]

    init(_ descriptor: consuming Descriptor) throws(ImageError) {
        file = try MappedFile(descriptor)
        entries = try ZipDirectory.entries(of: file.bytes)
    }
}

/// The central directory of a zip archive (PKWARE APPNOTE 4.3.12), as far as stored entries need it.
enum ZipDirectory {
    struct Entry: Equatable, Sendable {
        var name: String
        var offset: Int
        var count: Int
    }

    static let maximumEntries = 65_535

    /// The entries of an archive; the sentence of the error says what is wrong with it.
    static func entries(of archive: UnsafeRawBufferPointer) throws(ImageError) -> [Entry] {
        func number<Value: FixedWidthInteger>(_ offset: Int, _: Value.Type) throws(ImageError) -> Int {
            guard offset >= 0, offset + MemoryLayout<Value>.size <= archive.count else {
                throw ImageError("the archive is cut off")
            }
            return Int(Value(littleEndian: archive.loadUnaligned(fromByteOffset: offset, as: Value.self)))
        }
        // The end record, without a comment.
        let end = archive.count - 22
        guard try number(end, UInt32.self) == 0x0605_4B50 else { throw ImageError("this is no zip archive") }
        let count = try number(end + 10, UInt16.self)
        var position = try number(end + 16, UInt32.self)
        var entries: [Entry] = []
        entries.reserveCapacity(count)
        for _ in 0..<count {
            guard try number(position, UInt32.self) == 0x0201_4B50 else {
                throw ImageError("the archive's directory is damaged")
            }
            let method = try number(position + 10, UInt16.self)
            let size = try number(position + 24, UInt32.self)
            let nameLength = try number(position + 28, UInt16.self)
            let header = try number(position + 42, UInt32.self)
            guard method == 0, try number(position + 20, UInt32.self) == size else {
                throw ImageError("the archive has a compressed entry: store them uncompressed")
            }
            guard position + 46 + nameLength <= archive.count else { throw ImageError("the archive is cut off") }
            let name = String(decoding: archive[(position + 46)..<(position + 46 + nameLength)], as: UTF8.self)
            let data = try header + 30 + number(header + 26, UInt16.self) + number(header + 28, UInt16.self)
            guard data + size <= archive.count else { throw ImageError("the archive is cut off") }
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            guard !name.hasPrefix("/"), !parts.contains(".."), !parts.contains(".") else {
                throw ImageError("the archive has an entry outside its tree: \(name)")
            }
            entries.append(Entry(name: name, offset: data, count: size))
            position += try 46 + nameLength + number(position + 30, UInt16.self) + number(position + 32, UInt16.self)
        }
        return entries
    }
}
