/// A Buckle label: who may learn data, and who vouches for it.
///
/// Its text is `secrecy,integrity`, its JSON `{"secrecy": component, "integrity": component}`.
public struct Label: Hashable, Sendable, Codable {
    /// Who must agree before somebody learns the data.
    public let secrecy: Component
    /// Who vouches for the data.
    public let integrity: Component

    public init(secrecy: Component, integrity: Component) {
        self.secrecy = secrecy
        self.integrity = integrity
    }

    /// `T,T`: anybody may read, nobody vouches.
    public static let `public` = Label(secrecy: .true, integrity: .true)
    /// `F,T`: everything may flow here.
    public static let top = Label(secrecy: .false, integrity: .true)
    /// `T,F`: this may flow everywhere.
    public static let bottom = Label(secrecy: .true, integrity: .false)

    /// `P,P`: what is read and vouched for by the holders of a privilege; the label of their home.
    public static func owned(by privilege: Component) -> Label { Label(secrecy: privilege, integrity: privilege) }
}

extension Label: CustomStringConvertible {
    /// The canonical text, which ``init(parsing:)`` reads.
    public var description: String { "\(secrecy),\(integrity)" }

    /// Reads all of `text`: two components with a comma between them.
    ///
    /// A backslash stands before each `, | & / \ : < >` and blank of a token, and before a principal that is just `T` or
    /// `F`.
    ///
    /// - Throws: the first thing that is wrong, with its position.
    public init(parsing text: String) throws(LabelError) {
        var parser = try TextParser(text)
        secrecy = try parser.component()
        try parser.comma()
        integrity = try parser.component()
        try parser.end()
    }
}
