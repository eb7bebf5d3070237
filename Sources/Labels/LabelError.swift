/// A text or value that is no label, or would be too large a one.
public struct LabelError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, for programs; the raw values are stable.
    public enum Code: String, Hashable, Sendable {
        /// A component, clause, principal or token is missing.
        case empty
        /// A character stands where it must be escaped, or where nothing may stand.
        case character
        /// A backslash stands before something that has no escape.
        case escape
        /// The comma between secrecy and integrity is missing, or there is a second one.
        case comma
        /// `T` or `F` stands among other principals.
        case constant
        /// A bound of ``LabelLimits`` is exceeded.
        case tooLarge
    }

    public let code: Code
    /// A sentence with the cause and, where there is one, the remedy.
    public let message: String
    /// Where the text went wrong: so many Unicode scalars stand before. Nil where no text was read.
    public let position: Int?

    init(_ code: Code, _ message: String, position: Int? = nil) {
        self.code = code
        self.message = message
        self.position = position
    }

    func at(_ position: Int) -> LabelError { LabelError(code, message, position: position) }

    public var description: String { position.map { "\(message) (at position \($0))" } ?? message }
}
