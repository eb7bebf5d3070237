/// Why a package cannot be taken: one sentence for the user, with the cause and what to do.
public struct PackageError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// The bytes are damaged, or in no format that is known here.
        case malformed
        /// Something that no package may hold: a link, a device, a name outside of its tree, a name twice.
        case forbidden
        /// More files, bytes or folders than are allowed.
        case tooLarge
        /// Requirements that cannot be had here.
        case requirements
        /// The disk, or a program that is needed, does not do its part.
        case unavailable
    }

    public var code: Code
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }

    /// The bytes end too early, or say what cannot be.
    static func damaged(_ what: String) -> Self { Self(.malformed, "The archive is damaged: \(what).") }
}
