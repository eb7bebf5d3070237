/// Hosts that functions may send requests to: `NAME`, `*.NAME` (every name below it) or `*` (all), each with `:PORT` where only
/// that port is meant.
public struct HostPattern: Hashable, Sendable, CustomStringConvertible {
    public let description: String
    /// Empty: every host.
    private let name: String
    private let isBelow: Bool
    private let port: Int?

    /// Nil: the text has another form.
    public init?(_ text: String) {
        var host = text.lowercased()
        var port: Int?
        if let colon = host.lastIndex(of: ":"), !host[colon...].contains("]") {
            guard let number = Int(host[host.index(after: colon)...]), (1...65_535).contains(number) else { return nil }
            port = number
            host = String(host[..<colon])
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        isBelow = host.hasPrefix("*")
        if host == "*" {
            name = ""
        } else {
            name = isBelow ? String(host.dropFirst()) : host
            let bare = isBelow ? name.dropFirst() : name[...]
            guard !isBelow || name.hasPrefix("."), !bare.isEmpty,
                bare.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "/") })
            else { return nil }
        }
        self.port = port
        description = text
    }

    public func matches(_ url: CallbackURL) -> Bool {
        guard port == nil || port == url.port else { return false }
        let host = url.host.lowercased()
        return isBelow ? host.hasSuffix(name) && host.count > name.count : host == name
    }
}
