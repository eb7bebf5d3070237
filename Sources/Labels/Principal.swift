/// Somebody who may own data or vouch for it: a path of delegation, from who delegates to the last that was delegated to.
///
/// `alice/app` is what `alice` calls `app`; `alice` can do all that `alice/app` can. Tokens are compared by their bytes.
public struct Principal: Hashable, Sendable {
    /// The one token of whom the server's own objects belong to, and whom its operators act as.
    public static let operatorName = "faasten"

    /// The tokens in UTF-8, separated by `Separator.token`.
    let encoded: [UInt8]

    /// - Throws: `empty` without tokens or for an empty one, `character` for a control character, `tooLarge`.
    public init(_ tokens: [String]) throws(LabelError) {
        guard !tokens.isEmpty else { throw LabelError(.empty, "A principal needs at least one token.") }
        guard tokens.count <= LabelLimits.maximumTokens else {
            throw LabelError(
                .tooLarge, "A principal has \(tokens.count) tokens; the most is \(LabelLimits.maximumTokens).")
        }
        for token in tokens { try Self.check(token) }
        encoded = [UInt8](tokens.map(\.utf8).joined(separator: [Separator.token]))
        guard encoded.count <= LabelLimits.maximumComponentBytes else {
            throw LabelError(
                .tooLarge, "A principal has \(encoded.count) bytes; the most is \(LabelLimits.maximumComponentBytes).")
        }
    }

    init(encoded: [UInt8]) { self.encoded = encoded }

    /// The delegation path; never empty, and neither is any token.
    public var tokens: [String] {
        encoded.parts(between: Separator.token).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether this principal delegated, over any number of steps, to the other, or is the same.
    public func implies(_ other: Principal) -> Bool {
        other.encoded.starts(with: encoded)
            && (other.encoded.count == encoded.count || other.encoded[encoded.count] == Separator.token)
    }

    private static func check(_ token: String) throws(LabelError) {
        guard !token.isEmpty else { throw LabelError(.empty, "A token must not be empty.") }
        guard token.utf8.count <= LabelLimits.maximumTokenBytes else {
            throw LabelError(
                .tooLarge, "A token has \(token.utf8.count) bytes; the most is \(LabelLimits.maximumTokenBytes).")
        }
        guard !token.unicodeScalars.contains(where: \.isControl) else {
            throw LabelError(.character, "A token must not hold control characters.")
        }
    }
}

extension Principal: CustomStringConvertible {
    /// The canonical text.
    public var description: String { TextPrinter.text(ofPrincipal: encoded) }
}
