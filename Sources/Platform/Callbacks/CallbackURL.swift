#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An address that the end of an execution may be told to.
public struct CallbackURL: Hashable, Sendable {
    public static let maximumBytes = 2048

    public let text: String
    /// Without the brackets of an IPv6 address.
    public let host: String
    public let port: Int

    /// Reads an absolute http or https address without user and fragment, in ASCII; nil for another form.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.maximumBytes, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        let parts = text.split(separator: "://", maxSplits: 1).map(String.init)
        guard parts.count == 2, let standardPort = ["http": 80, "https": 443][parts[0].lowercased()] else { return nil }
        let authority = parts[1].prefix { !"/?#".contains($0) }
        guard !authority.isEmpty, !authority.contains("@"), !text.contains("#"), !text.contains("\\") else {
            return nil
        }
        var host = authority
        var port = standardPort
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            guard let number = Int(authority[authority.index(after: colon)...]), (1...65_535).contains(number) else {
                return nil
            }
            port = number
            host = authority[..<colon]
        }
        if host.hasPrefix("[") {
            guard host.hasSuffix("]"), NetworkAddress(host.dropFirst().dropLast()) != nil else { return nil }
            host = host.dropFirst().dropLast()
        } else if host.contains(where: { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "." || $0 == "_") }) {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.text = text
        self.host = String(host)
        self.port = port
    }
}

/// An IPv4 or IPv6 address.
public struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// 4 or 16 bytes.
    private let bytes: [UInt8]
    public let description: String

    /// Reads an address as it is usually written; nil for names and unusual ways to write one.
    public init?(_ text: some StringProtocol) {
        let text = String(text)
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            self.bytes = Array(bytes[..<4])
        } else if inet_pton(AF_INET6, text, &bytes) == 1 {
            self.bytes = bytes
        } else {
            return nil
        }
        description = text
    }

    /// Whether it is one of the public internet: not of this machine, a private network, a link, a group, or reserved.
    public var isPublic: Bool {
        guard bytes.count == 16 else { return Self.isPublic(bytes[...]) }
        // An IPv4 address inside an IPv6 one: mapped, translated (64:ff9b::/96) or tunnelled (2002::/16).
        if bytes[..<10].allSatisfy({ $0 == 0 }),
            bytes[10...11].allSatisfy({ $0 == 0xFF }) || bytes[10...11].allSatisfy({ $0 == 0 })
        {
            return bytes[10] == 0xFF && Self.isPublic(bytes[12...])
        }
        if bytes[..<12] == [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0] { return Self.isPublic(bytes[12...]) }
        if bytes[..<2] == [0x20, 0x02] { return Self.isPublic(bytes[2..<6]) }
        // Only 2000::/3 is given out, and of that some is for documents and tests.
        let isReserved = bytes[..<4] == [0x20, 0x01, 0x0D, 0xB8] || (bytes[..<2] == [0x20, 0x01] && bytes[2] < 2)
        return bytes[0] & 0xE0 == 0x20 && !isReserved
    }

    private static func isPublic(_ address: ArraySlice<UInt8>) -> Bool {
        let (first, second, third) = (
            address[address.startIndex], address[address.startIndex + 1], address[address.startIndex + 2]
        )
        switch (first, second) {
        case (0, _), (10, _), (127, _), (169, 254), (192, 168), (198, 18...19), (224...255, _): return false
        case (100, 64...127), (172, 16...31): return false
        case (192, 0): return third != 0 && third != 2
        case (198, 51): return third != 100
        case (203, 0): return third != 113
        default: return true
        }
    }
}
