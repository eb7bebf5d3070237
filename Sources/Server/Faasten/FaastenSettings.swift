import FaceFaasten

/// What is set for Faasten's users.
public struct FaastenSettings: Sendable {
    /// Days that the token of somebody who signs in is good.
    public var signInDays = 30
    /// Origins of web pages that are told the token of who signs in from them.
    public var openers: [String] = []
    /// Bytes of a request with files.
    public var maximumUploadBytes = 1 << 30
    /// Bytes that the objects and blobs of one owner may have.
    public var maximumBytesPerOwner = 10 << 30
    /// Seconds that answers of asynchronous calls are kept.
    public var resultSeconds = 3600
    /// The provider that users sign in with; without an issuer they do it here.
    public var issuer: String?
    public var clientID: String?
    public var clientSecretFile: String?
    public var providerName: String?
    public var claim = "sub"

    public init() {}
}
