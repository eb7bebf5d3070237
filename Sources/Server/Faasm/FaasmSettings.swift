public import FaceFaasm

/// What is set for Faasm's users.
public struct FaasmSettings: Sendable {
    /// A listener beside the main one.
    public enum Listener: Hashable, Sendable {
        case off
        /// At the port that clients know, on the server's own host; where that is taken, the server does without.
        case usual
        /// Where the operator says; nil as host: the server's own.
        case at(host: String?, port: Int)
    }

    /// The port that Faasm's clients upload to.
    static let usualUploadPort = 8002

    public var upload = Listener.usual
    public var invoke = Listener.off
    /// Nil: loopback listeners need no token from programs of this machine, others do.
    public var guarding: FaasmFace.Guarding?
    public var allowsWebPages = false
    public var capturesStandardOutput = false
    /// Whether the server is ready only when the interpreter is compiled (`PYTHON_CODEGEN=on`).
    public var compilesFirst = false

    public init() {}

    /// The surface's configuration at a host.
    func face(at host: String) -> FaasmFace.Configuration {
        var face = FaasmFace.Configuration()
        face.guarding = guarding ?? (ServerConfiguration.isLoopback(host) ? .loopback : .token)
        face.allowsWebPages = allowsWebPages
        face.capturesStandardOutput = capturesStandardOutput
        face.nodeName = host
        face.compilesFirst = compilesFirst
        return face
    }
}
