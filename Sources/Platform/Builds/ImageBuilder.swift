public import Model

/// A handler that is to be made into something that can be deployed.
public struct BuildOrder: Sendable {
    /// The name that the result is stored under, such as `localhost:5000/hello:latest`.
    public var image: String
    public var face: Face
    /// How the handler is called, as the face names it.
    public var language: String
    /// The files of the handler's folder by their paths in it.
    public var files: [String: [UInt8]]

    public init(image: String, face: Face, language: String, files: [String: [UInt8]]) {
        self.image = image
        self.face = face
        self.language = language
        self.files = files
    }
}

/// What a build made, as it is stored.
public struct BuiltImage: Hashable, Sendable, Codable {
    public var language: String
    public var source: String
    /// Requirements in pip's format, where there are any.
    public var requirements: String?
    public var builtAt: Timestamp

    public init(language: String, source: String, requirements: String?, builtAt: Timestamp) {
        self.language = language
        self.source = source
        self.requirements = requirements
        self.builtAt = builtAt
    }
}

/// Turns a handler's files into code that a sandbox imports.
public protocol ImageBuilder: Sendable {
    /// Makes the code; `log` takes lines for who waits. What the handler lacks or may not have is a
    /// ``PlatformError`` with a sentence.
    func build(
        _ order: BuildOrder, at now: Timestamp, log: @Sendable (String) -> Void
    ) async throws(PlatformError) -> BuiltImage
}
