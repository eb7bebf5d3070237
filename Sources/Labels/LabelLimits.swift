/// How large labels may become. They bound the work of every operation, whoever wrote its operands.
public enum LabelLimits {
    /// UTF-8 bytes of a token.
    public static let maximumTokenBytes = 255
    /// Tokens of a principal.
    public static let maximumTokens = 32
    /// Principals of a clause.
    public static let maximumPrincipals = 32
    /// Clauses of a component.
    public static let maximumClauses = 32
    /// UTF-8 bytes of all tokens of a component, and one for each separator between them.
    public static let maximumComponentBytes = 2048
    /// UTF-8 bytes of a label's text: both components with every character escaped, and the comma.
    public static let maximumTextBytes = 4 * maximumComponentBytes + 1
}
