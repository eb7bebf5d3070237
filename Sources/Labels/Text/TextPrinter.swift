/// Writes encoded formulas as text.
enum TextPrinter {
    static func text(ofComponent encoded: [UInt8]) -> String {
        switch encoded {
        case []: "T"
        case [Separator.false]: "F"
        default:
            encoded.parts(between: Separator.clause).map { text(ofClause: $0) }.joined(separator: "&")
        }
    }

    static func text(ofClause encoded: [UInt8]) -> String {
        encoded.parts(between: Separator.principal).map { text(ofPrincipal: $0) }.joined(separator: "|")
    }

    static func text(ofPrincipal encoded: [UInt8]) -> String {
        let tokens = encoded.parts(between: Separator.token).map { String(decoding: $0, as: UTF8.self) }
        if tokens == ["T"] || tokens == ["F"] { return "\\" + tokens[0] }
        return tokens.map { escaped($0) }.joined(separator: "/")
    }

    private static func escaped(_ token: String) -> String {
        guard token.unicodeScalars.contains(where: \.needsEscape) else { return token }
        var text = String.UnicodeScalarView()
        for scalar in token.unicodeScalars {
            if scalar.needsEscape { text.append("\\") }
            text.append(scalar)
        }
        return String(text)
    }
}
