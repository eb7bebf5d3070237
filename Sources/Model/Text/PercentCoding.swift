/// Percent-encoding as Python's `quote` and `unquote` do it, in which FaaSpot's clients send code and contexts.
public enum PercentCoding {
    /// Encodes the UTF-8 of `text`; ASCII letters, digits, `_ . - ~` and what `safe` holds stay as they are.
    public static func encoded(_ text: String, safe: String = "/") -> String {
        let safe = Set(safe.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count * 3 / 2)
        for byte in text.utf8 {
            if isUnreserved(byte) || safe.contains(byte) {
                result.append(byte)
            } else {
                result.append(UInt8(ascii: "%"))
                result += String(byte >> 4, radix: 16, uppercase: true).utf8
                result += String(byte & 0xF, radix: 16, uppercase: true).utf8
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Decodes once; a bad `%` stays as it is, and so does `+` unless it means a blank. Nil: what comes out is not UTF-8.
    public static func decoded(_ text: some StringProtocol, plusIsBlank: Bool = false) -> String? {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "%")) || (plusIsBlank && bytes.contains(UInt8(ascii: "+"))) else {
            return String(text)
        }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < bytes.count, let high = Hexadecimal.value(bytes[index + 1]),
                let low = Hexadecimal.value(bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
                continue
            }
            result.append(plusIsBlank && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            index += 1
        }
        return String(validating: result, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
