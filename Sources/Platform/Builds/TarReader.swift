/// Reads an uncompressed tar archive (POSIX ustar, with the long names of pax and GNU) that a stranger sent.
public enum TarReader {
    /// What an archive may hold.
    public struct Limits: Sendable {
        public var maximumEntries = 10_000
        /// Bytes of all files together.
        public var maximumBytes = 64 << 20
        /// Bytes of a name.
        public var maximumNameBytes = 1024

        public init() {}
    }

    /// What is wrong with an archive: a sentence.
    public struct Fault: Error, Hashable, Sendable {
        public var message: String
    }

    private static let blockBytes = 512

    /// The files of an archive by their names, without a `./` before them. Directories are left out; links, devices,
    /// doubles and names that lead elsewhere are refused.
    public static func files(_ archive: [UInt8], limits: Limits = Limits()) throws(Fault) -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        var (position, entries, total) = (0, 0, 0)
        var longName: String?
        while position + blockBytes <= archive.count {
            let header = archive[position..<position + blockBytes]
            if header.allSatisfy({ $0 == 0 }) { return files }
            try checkSum(header)
            let count = try number(field(header, 124, 12))
            let start = position + blockBytes
            guard count <= archive.count - start else { throw Fault(message: "the archive is cut off") }
            let content = archive[start..<start + count]
            position = start + (count + blockBytes - 1) / blockBytes * blockBytes
            entries += 1
            guard entries <= limits.maximumEntries else {
                throw Fault(message: "the archive has more than \(limits.maximumEntries) entries")
            }
            let type = header[header.startIndex + 156]
            switch type {
            case UInt8(ascii: "x"):
                longName = try paxPath(content) ?? longName
                continue
            case UInt8(ascii: "g"): continue
            case UInt8(ascii: "L"):
                longName = text(content)
                continue
            default: break
            }
            let name = try checked(longName ?? shortName(header), limits)
            longName = nil
            switch type {
            case 0, UInt8(ascii: "0"):
                // Old archives mark a directory by its name only.
                if name.isEmpty || name.hasSuffix("/") { continue }
                total += count
                guard total <= limits.maximumBytes else {
                    throw Fault(message: "the files of the archive have more than \(limits.maximumBytes) bytes")
                }
                guard files.updateValue(Array(content), forKey: name) == nil else {
                    throw Fault(message: "the archive has `\(name)` twice")
                }
            case UInt8(ascii: "5"): continue
            case UInt8(ascii: "1"), UInt8(ascii: "2"):
                throw Fault(message: "the archive has a link, `\(name)`; send files only")
            default: throw Fault(message: "the archive has `\(name)`, which is neither a file nor a directory")
            }
        }
        return files
    }

    /// Refuses names that lead out of the folder, and takes `./` off.
    private static func checked(_ name: String, _ limits: Limits) throws(Fault) -> String {
        guard name.utf8.count <= limits.maximumNameBytes, !name.utf8.contains(where: { $0 < 0x20 }) else {
            throw Fault(message: "the archive has a name that is too long or has control characters")
        }
        guard !name.hasPrefix("/"), !name.contains("\\") else {
            throw Fault(message: "the archive has an absolute name, `\(name)`")
        }
        let parts = name.split(separator: "/", omittingEmptySubsequences: true)
        guard !parts.contains("..") else { throw Fault(message: "the archive has a name with `..`, `\(name)`") }
        let kept = parts.filter { $0 != "." }.joined(separator: "/")
        return kept.isEmpty || !name.hasSuffix("/") ? kept : kept + "/"
    }

    private static func shortName(_ header: ArraySlice<UInt8>) -> String {
        let name = text(field(header, 0, 100))
        let isUstar = field(header, 257, 5).elementsEqual("ustar".utf8)
        // GNU tar has other things where POSIX has the prefix.
        let prefix = isUstar && field(header, 262, 1).first == 0 ? text(field(header, 345, 155)) : ""
        return prefix.isEmpty ? name : "\(prefix)/\(name)"
    }

    private static func checkSum(_ header: ArraySlice<UInt8>) throws(Fault) {
        let sum = header.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 0x20 : Int($1.element)) }
        guard try number(field(header, 148, 8)) == sum else { throw Fault(message: "this is no tar archive") }
    }

    /// The `path` of a pax header, whose records are `LENGTH KEY=VALUE\n`.
    private static func paxPath(_ content: ArraySlice<UInt8>) throws(Fault) -> String? {
        var rest = content
        var path: String?
        while !rest.isEmpty {
            guard let blank = rest.firstIndex(of: 0x20),
                let count = Int(String(decoding: rest[..<blank], as: UTF8.self)), count <= rest.count,
                count > blank - rest.startIndex + 1
            else { throw Fault(message: "the archive has a damaged extended header") }
            let record = String(decoding: rest[blank + 1..<rest.startIndex + count - 1], as: UTF8.self)
            if record.hasPrefix("path=") { path = String(record.dropFirst(5)) }
            rest = rest.dropFirst(count)
        }
        return path
    }

    /// An octal number, with blanks or zeros around it.
    private static func number(_ field: ArraySlice<UInt8>) throws(Fault) -> Int {
        let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
        if digits.isEmpty { return 0 }
        guard let number = Int(String(decoding: digits, as: UTF8.self), radix: 8), number >= 0 else {
            throw Fault(message: "this is no tar archive, or it has a file that is too large")
        }
        return number
    }

    private static func field(_ header: ArraySlice<UInt8>, _ offset: Int, _ count: Int) -> ArraySlice<UInt8> {
        header[header.startIndex + offset..<header.startIndex + offset + count]
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }
}
