/// Which functions an account is bound to: `NAME` or `APP/NAME`, where a `*` at the end stands for any rest. A pattern
/// without an application is about the default one.
public struct FunctionPattern: Hashable, Sendable, Codable, CustomStringConvertible {
    public let description: String

    private let prefix: String
    private let isOpen: Bool

    /// Takes a pattern; nil where the text has another form.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.last, parts.count == 1 || NameRule.accepts(String(parts[0])) else { return nil }
        isOpen = name.hasSuffix("*")
        let rest = isOpen ? name.dropLast() : name
        guard rest.isEmpty ? isOpen : NameRule.accepts(String(rest)) else { return nil }
        description = text
        prefix = isOpen ? String(text.dropLast()) : text
    }

    public init(from decoder: any Decoder) throws {
        let text = try String(from: decoder)
        guard let pattern = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "\(text) is no pattern of functions"))
        }
        self = pattern
    }

    public func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }

    public func matches(_ key: FunctionKey) -> Bool {
        let name = key.description
        guard isOpen else { return name == prefix }
        // Names have no slash: `*` does not reach into applications.
        return name.hasPrefix(prefix) && !name.dropFirst(prefix.count).contains("/")
    }
}
