/// Reads zip archives (PKWARE APPNOTE 4.3): stored and deflated entries.
enum ZipReader {
    private static let endBytes = 22
    private static let maximumCommentBytes = 65_535

    /// What the directory says of an entry.
    private struct Entry {
        var name: String
        var method: Int
        var checksum: Int
        var packed: Int
        var size: Int
        var header: Int
    }

    static func read(_ archive: Bytes, into tree: inout PackageTree) throws(PackageError) {
        let directory = try directory(of: archive)
        var taken: [Range<Int>] = []
        for entry in directory.entries {
            let (data, end) = try place(of: entry, in: archive, before: directory.start)
            taken.append(entry.header..<end)
            if entry.name.hasSuffix("/") {
                guard entry.size == 0 else { throw .damaged("a folder has a content") }
                try tree.addFolder(String(entry.name.dropLast()))
                continue
            }
            try tree.checkRoom(for: entry.size, PackageTree.shown(entry.name))
            try tree.add(entry.name, try content(of: entry, try archive.slice(at: data, entry.packed)))
        }
        // Entries that share bytes unpack to more than the archive could hold.
        taken.sort { $0.lowerBound < $1.lowerBound }
        for (one, next) in zip(taken, taken.dropFirst()) where next.lowerBound < one.upperBound {
            throw PackageError(.forbidden, "Entries of the archive overlap.")
        }
    }

    private static func content(
        of entry: Entry, _ packed: ArraySlice<UInt8>
    ) throws(PackageError) -> [UInt8] {
        let content: [UInt8]
        switch entry.method {
        case 0: content = Array(packed)
        case 8: content = try Compression.deflate.unpack(packed, atMost: entry.size)
        default:
            throw PackageError(
                .malformed,
                "`\(PackageTree.shown(entry.name))` is compressed by a method that is not read here: use deflate.")
        }
        guard content.count == entry.size, CRC32.of(content) == UInt32(truncatingIfNeeded: entry.checksum) else {
            throw .damaged("the checksum of `\(PackageTree.shown(entry.name))` is wrong")
        }
        return content
    }

    /// Where the data of an entry lies; the local header must agree with the directory in what matters.
    private static func place(
        of entry: Entry, in archive: Bytes, before limit: Int
    ) throws(PackageError) -> (data: Int, end: Int) {
        guard try archive.u32(at: entry.header) == 0x0403_4B50 else {
            throw .damaged("an entry is not where it should be")
        }
        let nameBytes = try archive.u16(at: entry.header + 26)
        guard try archive.text(at: entry.header + 30, nameBytes) == entry.name else {
            throw .damaged("an entry has two names")
        }
        let data = try entry.header + 30 + nameBytes + archive.u16(at: entry.header + 28)
        guard data + entry.packed <= limit else { throw .damaged("an entry reaches into the directory") }
        return (data, data + entry.packed)
    }

    // MARK: The directory

    private static func directory(of archive: Bytes) throws(PackageError) -> (start: Int, entries: [Entry]) {
        let end = try end(of: archive)
        let count = try archive.u16(at: end + 10)
        let start = try archive.u32(at: end + 16)
        guard count != 0xFFFF, start != 0xFFFF_FFFF else {
            throw PackageError(.tooLarge, "The archive is in zip's 64-bit form, which no package needs.")
        }
        guard try archive.u16(at: end + 4) == 0, try archive.u16(at: end + 8) == count else {
            throw .damaged("it is one part of several")
        }
        var position = start
        var entries: [Entry] = []
        for _ in 0..<count {
            let (entry, next) = try entry(at: position, in: archive)
            entries.append(entry)
            position = next
        }
        guard position <= end else { throw .damaged("its directory is too long") }
        return (start, entries)
    }

    /// The end record: the last one, whose comment reaches to the end of the archive.
    private static func end(of archive: Bytes) throws(PackageError) -> Int {
        let last = archive.count - endBytes
        guard last >= 0 else { throw .damaged("it is cut off") }
        for position in stride(from: last, through: max(0, last - maximumCommentBytes), by: -1)
        where archive.has([0x50, 0x4B, 5, 6], at: position) {
            if try archive.u16(at: position + 20) == last - position { return position }
        }
        throw .damaged("it has no directory")
    }

    private static func entry(at position: Int, in archive: Bytes) throws(PackageError) -> (Entry, next: Int) {
        guard try archive.u32(at: position) == 0x0201_4B50 else { throw .damaged("its directory is no directory") }
        let nameBytes = try archive.u16(at: position + 28)
        let entry = Entry(
            name: try archive.text(at: position + 46, nameBytes), method: try archive.u16(at: position + 10),
            checksum: try archive.u32(at: position + 16), packed: try archive.u32(at: position + 20),
            size: try archive.u32(at: position + 24), header: try archive.u32(at: position + 42))
        guard try archive.u16(at: position + 8) & 1 == 0 else {
            throw PackageError(.malformed, "`\(PackageTree.shown(entry.name))` is encrypted.")
        }
        try checkKind(of: entry.name, system: archive.u16(at: position + 4) >> 8, archive.u32(at: position + 38))
        let more = try archive.u16(at: position + 30) + archive.u16(at: position + 32)
        return (entry, position + 46 + nameBytes + more)
    }

    /// On Unix, the upper half of the attributes are the mode: only plain files and folders are taken.
    private static func checkKind(of name: String, system: Int, _ attributes: Int) throws(PackageError) {
        let kind = attributes >> 16 & 0xF000
        guard system != 3 || kind == 0 || kind == 0x8000 || kind == 0x4000 else {
            throw PackageError(
                .forbidden, "`\(PackageTree.shown(name))` is a link or a device: only files and folders are taken.")
        }
    }
}
