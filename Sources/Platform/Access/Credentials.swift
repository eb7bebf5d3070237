/// What an `Authorization` header carries: a token, or a user with a password.
public enum Credentials: Hashable, Sendable {
    case token(Substring)
    case account(user: String, password: String)

    /// Reads `Token X`, `Bearer X` or `Basic X`; nil where the header has another form.
    public init?(header: String) {
        guard let blank = header.firstIndex(of: " ") else { return nil }
        let scheme = header[..<blank].lowercased()
        let value = header[header.index(after: blank)...].drop { $0 == " " }
        guard !value.isEmpty else { return nil }
        switch scheme {
        case "token", "bearer": self = .token(value)
        case "basic":
            guard let bytes = Self.base64(Self.unwrapped(value)), let text = String(validating: bytes, as: UTF8.self),
                let colon = text.firstIndex(of: ":")
            else { return nil }
            self = .account(user: String(text[..<colon]), password: String(text[text.index(after: colon)...]))
        default: return nil
        }
    }

    /// Clients on Python 3 send the bytes object as Python prints it: `b'...'`.
    private static func unwrapped(_ value: Substring) -> Substring {
        guard value.count > 3, value.hasPrefix("b'") || value.hasPrefix("b\""), let quote = value.dropFirst().first,
            value.last == quote
        else { return value }
        return value.dropFirst(2).dropLast()
    }

    /// Decodes base64 in the standard or the URL-safe alphabet, padded or not.
    private static func base64(_ text: Substring) -> [UInt8]? {
        var result: [UInt8] = []
        var (bits, count) = (UInt32(0), 0)
        for byte in text.utf8.reversed().drop(while: { $0 == UInt8(ascii: "=") }).reversed() {
            let value: UInt8
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
            case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        // A single digit in the last group has too few bits for a byte.
        return count < 6 ? result : nil
    }
}
