extension Unicode.Scalar {
    /// What no token holds, escaped or not.
    var isControl: Bool { properties.generalCategory == .control }

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

    var isBlank: Bool { properties.isWhitespace && !isControl }
}
