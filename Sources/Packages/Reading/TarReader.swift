/// Reads uncompressed tar archives: ustar, with the long names of POSIX (pax) and of GNU tar.
enum TarReader {
    private static let block = 512
    /// Bytes of an extended header; names are far shorter.
    private static let maximumHeaderBytes = 64 << 10

    /// What an extended header says of the entry after it.
    private struct Extension {
        var path: String?
        var size: Int?
    }

    static func read(_ archive: Bytes, into tree: inout PackageTree) throws(PackageError) {
        var position = 0
        var extended = Extension()
        while position + block <= archive.count {
            if try archive.slice(at: position, block).allSatisfy({ $0 == 0 }) { return }
            try checkSum(archive, position)
            let type = try archive.slice(at: position + 156, 1).first ?? 0
            let ownSize = try octal(archive.slice(at: position + 124, 12))
            let size = isExtension(type) ? ownSize : extended.size ?? ownSize
            let data = position + block
            guard size >= 0, size <= archive.count - data else { throw .damaged("it is cut off") }
            switch type {
            case UInt8(ascii: "x"): try read(archive, data, size, &extended)
            case UInt8(ascii: "L"): extended.path = try text(header(archive, data, size))
            case UInt8(ascii: "g"): _ = try header(archive, data, size)
            default:
                let path = if let path = extended.path { clean(path) } else { clean(try name(archive, position)) }
                try add(type, path, archive, data, size, to: &tree)
                extended = Extension()
            }
            position = data + (size + block - 1) / block * block
        }
        // Without an empty block at its end, nobody knows what is missing.
        throw .damaged("it is cut off")
    }

    private static func add(
        _ type: UInt8, _ path: String, _ archive: Bytes, _ data: Int, _ size: Int, to tree: inout PackageTree
    ) throws(PackageError) {
        switch type {
        case UInt8(ascii: "5"):
            if !path.isEmpty { try tree.addFolder(path) }
        case UInt8(ascii: "0"), 0, UInt8(ascii: "7"):
            try tree.checkRoom(for: size, PackageTree.shown(path))
            try tree.add(path, Array(try archive.slice(at: data, size)))
        default:
            throw PackageError(
                .forbidden,
                "`\(PackageTree.shown(path))` is a link, a device or a sparse file: only files and folders are taken.")
        }
    }

    private static func isExtension(_ type: UInt8) -> Bool {
        type == UInt8(ascii: "x") || type == UInt8(ascii: "L") || type == UInt8(ascii: "g")
    }

    /// `./a/` is `a`.
    private static func clean(_ path: String) -> String {
        var path = path[...]
        while path.hasPrefix("./") { path = path.dropFirst(2) }
        while path.hasSuffix("/") { path = path.dropLast() }
        return path == "." ? "" : String(path)
    }

    private static func name(_ archive: Bytes, _ position: Int) throws(PackageError) -> String {
        let name = try text(archive.slice(at: position, 100))
        // GNU tar's own form has no prefix in that place.
        guard archive.has(Array("ustar\0".utf8), at: position + 257) else { return name }
        let prefix = try text(archive.slice(at: position + 345, 155))
        return prefix.isEmpty ? name : "\(prefix)/\(name)"
    }

    /// Text up to the first zero byte.
    private static func text(_ field: ArraySlice<UInt8>) throws(PackageError) -> String {
        try Bytes.text(field.prefix { $0 != 0 })
    }

    private static func header(_ archive: Bytes, _ data: Int, _ size: Int) throws(PackageError) -> ArraySlice<UInt8> {
        guard size <= maximumHeaderBytes else { throw .damaged("an extended header is too long") }
        return try archive.slice(at: data, size)
    }

    /// Records `LENGTH KEY=VALUE\n`, where the length counts all of it.
    private static func read(
        _ archive: Bytes, _ data: Int, _ size: Int, _ extended: inout Extension
    ) throws(PackageError) {
        var rest = try header(archive, data, size)
        while !rest.isEmpty {
            let digits = rest.prefix { $0 != UInt8(ascii: " ") }
            guard let length = Int(String(decoding: digits, as: UTF8.self)), length > digits.count + 2,
                length <= rest.count
            else { throw .damaged("an extended header has another form") }
            let record = rest.dropFirst(digits.count + 1).prefix(length - digits.count - 2)
            if let equals = record.firstIndex(of: UInt8(ascii: "=")) {
                let value = try Bytes.text(record[(equals + 1)...])
                switch String(decoding: record[..<equals], as: UTF8.self) {
                case "path": extended.path = value
                case "size":
                    guard let size = Int(value), size >= 0 else { throw .damaged("a size is no number") }
                    extended.size = size
                default: break
                }
            }
            rest = rest.dropFirst(length)
        }
    }

    private static func octal(_ field: ArraySlice<UInt8>) throws(PackageError) -> Int {
        let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix { $0 != 0 && $0 != UInt8(ascii: " ") }
        guard let number = digits.isEmpty ? 0 : Int(String(decoding: digits, as: UTF8.self), radix: 8), number >= 0
        else { throw .damaged("a number in it is none") }
        return number
    }

    /// The sum of a header's bytes, where those of the sum itself count as spaces.
    private static func checkSum(_ archive: Bytes, _ position: Int) throws(PackageError) {
        let header = try archive.slice(at: position, block)
        var sum = 0
        for (index, byte) in header.enumerated() { sum += (148..<156).contains(index) ? 0x20 : Int(byte) }
        guard try octal(archive.slice(at: position + 148, 8)) == sum else {
            throw .damaged("the checksum of a header is wrong")
        }
    }
}
