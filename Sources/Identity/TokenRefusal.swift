/// Why a token was refused. Whoever sent it is told no more than this.
public enum TokenRefusal: Error, Hashable, Sendable {
    /// It is no token of the wanted kind, or somebody else signed it.
    case invalid
    /// It was good once.
    case expired
}
