public import Labels
import Model

/// An HTTP request that a service stands for. Whether its host may be reached is for who sends it to decide.
public struct ServiceRequest: Hashable, Sendable {
    public var url: String
    public var verb: HTTPVerb
    public var headers: [String: String]
    public var body: [UInt8]
    /// What the request, and what becomes of it, may be known by.
    public var label: Label
}

/// URLs with `{name}` in them, and headers.
enum ServiceTemplate {
    static let maximumBytes = 8192

    /// Whether a URL is one of HTTP whose braces match. Nothing may be filled in before the path: who calls a service
    /// must not choose whom it asks.
    static func isSound(_ url: String) -> Bool {
        guard url.utf8.count <= maximumBytes, url.utf8.allSatisfy({ 0x21...0x7E ~= $0 }),
            let scheme = ["http://", "https://"].first(where: { url.lowercased().hasPrefix($0) })
        else { return false }
        let authority = url.dropFirst(scheme.utf8.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return !authority.isEmpty && !authority.contains("{") && !authority.contains("}")
            && pieces(of: url) != nil
    }

    /// Nil where a parameter is missing.
    static func filled(_ url: String, with parameters: [String: String]) -> String? {
        guard let pieces = pieces(of: url) else { return nil }
        var filled = ""
        for piece in pieces {
            switch piece {
            case .text(let text): filled += text
            case .parameter(let name):
                guard let value = parameters[name] else { return nil }
                filled += PercentCoding.encoded(value, safe: "")
            }
        }
        return filled
    }

    /// A header that does not end before its end.
    static func isHeader(_ name: String, _ value: String) -> Bool {
        let separators = Set("()<>@,;:\\\"/[]?={} \t".utf8)
        return 1...256 ~= name.utf8.count && name.utf8.allSatisfy { 0x21...0x7E ~= $0 && !separators.contains($0) }
            && value.utf8.count <= maximumBytes && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }

    private enum Piece {
        case text(String)
        case parameter(String)
    }

    private static func pieces(of url: String) -> [Piece]? {
        var pieces: [Piece] = []
        var rest = url[...]
        while let open = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            guard rest[open] == "{", let close = rest[open...].firstIndex(of: "}") else { return nil }
            let name = rest[rest.index(after: open)..<close]
            guard !name.isEmpty, !name.contains("{") else { return nil }
            pieces += [.text(String(rest[..<open])), .parameter(String(name))]
            rest = rest[rest.index(after: close)...]
        }
        return pieces + [.text(String(rest))]
    }
}
