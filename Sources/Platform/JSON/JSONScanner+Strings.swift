import Model

extension JSONScanner {
    /// Skips a string, checking its escapes and that it is UTF-8.
    mutating func skipString() throws(JSONFault) {
        let start = position
        position += 1
        var isASCII = true
        while position < end {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                // Text that is all ASCII, as most is, needs no second look.
                guard isASCII || String(validating: bytes[start..<position], as: UTF8.self) != nil else {
                    throw fault("The JSON is not UTF-8", at: start)
                }
                return
            case UInt8(ascii: "\\"):
                try skipEscape()
            case 0..<0x20:
                throw fault("Malformed JSON: a control character in a string must be escaped")
            default:
                if byte >= 0x80 { isASCII = false }
                position += 1
            }
        }
        throw fault("Malformed JSON: a string does not end", at: start)
    }

    /// Reads a string that starts here.
    mutating func string() throws(JSONFault) -> String {
        guard position < end, bytes[position] == UInt8(ascii: "\"") else {
            throw fault("Malformed JSON: a key in double quotes is expected")
        }
        let start = position
        try skipString()
        return Self.decoded(bytes[start + 1..<position - 1])
    }

    /// The text of the string value in `range`; nil where the value is no string.
    public func string(in range: Range<Int>) -> String? {
        guard range.count >= 2, bytes[range.lowerBound] == UInt8(ascii: "\"") else { return nil }
        return Self.decoded(bytes[range.lowerBound + 1..<range.upperBound - 1])
    }

    /// Whether the value in `range` is `null`.
    public func isNull(in range: Range<Int>) -> Bool { bytes[range.lowerBound] == UInt8(ascii: "n") }

    /// The bytes of a value, as they are.
    public func bytes(in range: Range<Int>) -> [UInt8] { Array(bytes[range]) }

    private mutating func skipEscape() throws(JSONFault) {
        let start = position
        position += 1
        guard position < end else { throw fault("Malformed JSON: a string does not end", at: start) }
        switch bytes[position] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        case UInt8(ascii: "u"):
            position += 1
            for _ in 0..<4 {
                guard position < end, Hexadecimal.value(bytes[position]) != nil else {
                    throw fault("Malformed JSON: `\\u` needs four hexadecimal digits", at: start)
                }
                position += 1
            }
        default: throw fault("Malformed JSON: an unknown escape", at: start)
        }
    }

    /// Takes the escapes out of a string's inside that was checked before.
    private static func decoded(_ inside: ArraySlice<UInt8>) -> String {
        guard inside.contains(UInt8(ascii: "\\")) else { return String(decoding: inside, as: UTF8.self) }
        var units: [UInt16] = []
        var text = ""
        var plain: [UInt8] = []
        func flush() {
            if !plain.isEmpty { text += String(decoding: plain, as: UTF8.self) }
            // Two escaped surrogates make one character; a lone one becomes U+FFFD.
            if !units.isEmpty { text += String(decoding: units, as: UTF16.self) }
            plain.removeAll(keepingCapacity: true)
            units.removeAll(keepingCapacity: true)
        }
        var index = inside.startIndex
        while index < inside.endIndex {
            guard inside[index] == UInt8(ascii: "\\") else {
                if !units.isEmpty { flush() }
                plain.append(inside[index])
                index += 1
                continue
            }
            let kind = inside[index + 1]
            if kind == UInt8(ascii: "u") {
                if !plain.isEmpty { flush() }
                units.append(inside[index + 2..<index + 6].reduce(0) { $0 << 4 | UInt16(Hexadecimal.value($1) ?? 0) })
                index += 6
            } else {
                if !units.isEmpty { flush() }
                plain.append(Self.escaped(kind))
                index += 2
            }
        }
        flush()
        return text
    }

    private static func escaped(_ kind: UInt8) -> UInt8 {
        switch kind {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: kind
        }
    }
}
