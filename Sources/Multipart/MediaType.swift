/// A value such as `form-data; name="a"`: a word, and parameters with names in lower case.
public struct MediaType: Hashable, Sendable {
    /// In lower case.
    public let name: String
    public let parameters: [String: String]

    /// Nil where the text has another form, or gives a parameter twice.
    public init?(_ text: String) {
        var reader = Reader(bytes: Array(text.utf8))
        guard let name = reader.word(stoppingAt: [UInt8(ascii: ";")]), !name.isEmpty else { return nil }
        var parameters: [String: String] = [:]
        while reader.take(UInt8(ascii: ";")) {
            reader.skipBlanks()
            if reader.isAtEnd { break }
            guard let key = reader.word(stoppingAt: [UInt8(ascii: "="), UInt8(ascii: ";")])?.lowercased(),
                !key.isEmpty, reader.take(UInt8(ascii: "=")), let value = reader.value(), parameters[key] == nil
            else { return nil }
            parameters[key] = value
        }
        guard reader.isAtEnd else { return nil }
        self.name = name.lowercased()
        self.parameters = parameters
    }

    /// What parts of a form of this type stand between; nil where it is no form, or says nothing that can be used.
    public var boundary: [UInt8]? {
        guard name == "multipart/form-data", let text = parameters["boundary"] else { return nil }
        let marks = Set("'()+_,-./:=? ".utf8)
        let isGood = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                true
            default: marks.contains(byte)
            }
        }
        return isGood && 1...70 ~= text.utf8.count && !text.hasSuffix(" ") ? Array(text.utf8) : nil
    }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { position == bytes.count }

        mutating func skipBlanks() {
            while !isAtEnd, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
        }

        mutating func take(_ byte: UInt8) -> Bool {
            skipBlanks()
            guard !isAtEnd, bytes[position] == byte else { return false }
            position += 1
            return true
        }

        /// What stands before one of the marks or the end, without blanks around it. It has none inside.
        mutating func word(stoppingAt marks: Set<UInt8>) -> String? {
            skipBlanks()
            let start = position
            while !isAtEnd, !marks.contains(bytes[position]), bytes[position] > 0x20, bytes[position] != 0x7F,
                bytes[position] != UInt8(ascii: "\"")
            { position += 1 }
            let word = bytes[start..<position]
            skipBlanks()
            guard isAtEnd || marks.contains(bytes[position]) else { return nil }
            return String(validating: word, as: UTF8.self)
        }

        mutating func value() -> String? {
            skipBlanks()
            guard !isAtEnd, bytes[position] == UInt8(ascii: "\"") else {
                return word(stoppingAt: [UInt8(ascii: ";")])
            }
            position += 1
            var value: [UInt8] = []
            while !isAtEnd {
                let byte = bytes[position]
                position += 1
                switch byte {
                case UInt8(ascii: "\""):
                    skipBlanks()
                    guard isAtEnd || bytes[position] == UInt8(ascii: ";") else { return nil }
                    return String(validating: value, as: UTF8.self)
                // Some clients send backslashes of their file names as they are: only these two are escaped by one.
                case UInt8(ascii: "\\")
                where !isAtEnd && (bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "\\")):
                    value.append(bytes[position])
                    position += 1
                case 0..<0x20, 0x7F: return nil
                default: value.append(byte)
                }
            }
            return nil
        }
    }
}
