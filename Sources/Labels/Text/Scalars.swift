extension Unicode.Scalar {
    /// What no token holds, escaped or not: the category Cc of Unicode.
    var isControl: Bool { value < 0x20 || 0x7F...0x9F ~= value }

    /// What tokens hold only after a backslash.
    var needsEscape: Bool {
        switch self {
        case ",", "|", "&", "/", "\\", ":", "<", ">": true
        default: isBlank
        }
    }

    /// What ends a token.
    var isDelimiter: Bool { self == "," || self == "|" || self == "&" || self == "/" }

    /// What stands for true or false as a whole component.
    var isConstant: Bool { self == "T" || self == "F" }

    /// White space of any script; the tables of Unicode are asked only beyond ASCII.
    var isBlank: Bool { isASCII ? self == " " : properties.isWhitespace && !isControl }
}
