/// Where and why a text is not the JSON that was wanted.
public struct JSONFault: Error, Hashable, Sendable {
    public var message: String
    /// Counted from 1.
    public var line: Int
    /// In bytes, counted from 1.
    public var column: Int

    /// A sentence that says what and where.
    public var sentence: String { "\(message) (line \(line), column \(column))" }
}

/// Walks over JSON text without building a tree: checks it, and hands out ranges of bytes that are passed on as they are.
public struct JSONScanner {
    /// Deeper nesting than this is refused: the guest's own parser would give up later, with a worse message.
    public static let maximumDepth = 500

    let bytes: [UInt8]
    var position: Int
    let end: Int

    /// Scans `bytes[range]`, or all of them.
    public init(_ bytes: [UInt8], range: Range<Int>? = nil) {
        self.bytes = bytes
        position = range?.lowerBound ?? 0
        end = range?.upperBound ?? bytes.count
    }

    /// The kind of a value, told from its first byte.
    public enum Kind: Hashable, Sendable {
        case object, array, string, other
    }

    /// The kind of the value that comes next.
    public mutating func kind() throws(JSONFault) -> Kind {
        skipBlanks()
        guard position < end else { throw fault("Malformed JSON: a value is missing") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        default: return .other
        }
    }

    /// Checks that the text is exactly one JSON value and returns its kind and range.
    public mutating func document() throws(JSONFault) -> (kind: Kind, range: Range<Int>) {
        let (kind, range) = try value(depth: 0)
        skipBlanks()
        guard position == end else { throw fault("Malformed JSON: nothing may follow the value") }
        return (kind, range)
    }

    /// Reads an object and hands each key with the range of its value to `body`.
    public mutating func object(
        _ body: (_ key: String, _ kind: Kind, _ value: Range<Int>) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        skipBlanks()
        try expect(UInt8(ascii: "{"), "an object")
        skipBlanks()
        if take(UInt8(ascii: "}")) { return try documentEnd() }
        while true {
            skipBlanks()
            let key = try string()
            skipBlanks()
            try expect(UInt8(ascii: ":"), "`:`")
            let (kind, range) = try value(depth: 1)
            try body(key, kind, range)
            skipBlanks()
            if take(UInt8(ascii: "}")) { return try documentEnd() }
            try expect(UInt8(ascii: ","), "`,` or `}`")
        }
    }

    /// Reads an array and hands the range of each element to `body`.
    public mutating func array(
        _ body: (_ kind: Kind, _ value: Range<Int>) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        skipBlanks()
        try expect(UInt8(ascii: "["), "an array")
        skipBlanks()
        if take(UInt8(ascii: "]")) { return try documentEnd() }
        while true {
            let (kind, range) = try value(depth: 1)
            try body(kind, range)
            skipBlanks()
            if take(UInt8(ascii: "]")) { return try documentEnd() }
            try expect(UInt8(ascii: ","), "`,` or `]`")
        }
    }

    /// What is wrong, at a place; here where no place is given.
    public func fault(_ message: String, at offset: Int? = nil) -> JSONFault {
        let offset = min(offset ?? position, bytes.count)
        let before = bytes[..<offset]
        let lineStart = (before.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
        let line = before.reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
        return JSONFault(message: message, line: line, column: offset - lineStart + 1)
    }

    private mutating func documentEnd() throws(JSONFault) {
        skipBlanks()
        guard position == end else { throw fault("Malformed JSON: nothing may follow the value") }
    }

    private mutating func value(depth: Int) throws(JSONFault) -> (Kind, Range<Int>) {
        skipBlanks()
        let start = position
        guard position < end else { throw fault("Malformed JSON: a value is missing") }
        switch bytes[position] {
        case UInt8(ascii: "{"):
            try members(depth: depth)
            return (.object, start..<position)
        case UInt8(ascii: "["):
            try elements(depth: depth)
            return (.array, start..<position)
        case UInt8(ascii: "\""):
            try skipString()
            return (.string, start..<position)
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        default: throw fault("Malformed JSON: a value is expected")
        }
        return (.other, start..<position)
    }

    private mutating func members(depth: Int) throws(JSONFault) {
        guard depth < Self.maximumDepth else {
            throw fault("The JSON is nested deeper than \(Self.maximumDepth) levels")
        }
        position += 1
        skipBlanks()
        if take(UInt8(ascii: "}")) { return }
        while true {
            skipBlanks()
            guard position < end, bytes[position] == UInt8(ascii: "\"") else {
                throw fault("Malformed JSON: a key in double quotes is expected")
            }
            try skipString()
            skipBlanks()
            try expect(UInt8(ascii: ":"), "`:`")
            _ = try value(depth: depth + 1)
            skipBlanks()
            if take(UInt8(ascii: "}")) { return }
            try expect(UInt8(ascii: ","), "`,` or `}`")
        }
    }

    private mutating func elements(depth: Int) throws(JSONFault) {
        guard depth < Self.maximumDepth else {
            throw fault("The JSON is nested deeper than \(Self.maximumDepth) levels")
        }
        position += 1
        skipBlanks()
        if take(UInt8(ascii: "]")) { return }
        while true {
            _ = try value(depth: depth + 1)
            skipBlanks()
            if take(UInt8(ascii: "]")) { return }
            try expect(UInt8(ascii: ","), "`,` or `]`")
        }
    }

    private mutating func number() throws(JSONFault) {
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
    }

    private mutating func digits() throws(JSONFault) {
        let start = position
        while position < end, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        guard position > start else { throw fault("Malformed JSON: a digit is expected") }
    }

    private mutating func word(_ word: StaticString) throws(JSONFault) {
        let matches = word.withUTF8Buffer { expected in
            position + expected.count <= end && bytes[position..<position + expected.count].elementsEqual(expected)
        }
        guard matches else { throw fault("Malformed JSON: a value is expected") }
        position += word.utf8CodeUnitCount
    }

    mutating func skipBlanks() {
        while position < end {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard position < end, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: UInt8, _ name: String) throws(JSONFault) {
        guard take(byte) else { throw fault("Malformed JSON: \(name) is expected") }
    }
}
