/// A provider of OpenID Connect that users sign in with.
public struct SignInProvider: Sendable {
    /// The first token of its users' principals.
    public var name: String
    /// As its tokens name it: an https address, or an http one of this machine.
    public var issuer: String
    public var clientID: String
    public var clientSecret: String
    /// The claim that says who it is: the second token of its users' principals.
    public var claim = "sub"

    public init(name: String, issuer: String, clientID: String, clientSecret: String) {
        self.name = name
        self.issuer = issuer
        self.clientID = clientID
        self.clientSecret = clientSecret
    }
}
