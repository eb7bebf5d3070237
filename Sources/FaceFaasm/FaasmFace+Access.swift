import HTTPTypes
import Hummingbird
import Platform

extension FaasmFace {
    /// Names that a request may give this server where it needs no token: others are those of a page that was led here.
    private static let ownNames: Set<String> = [
        "localhost", "127.0.0.1", "[::1]", "faasm-worker.faasm.example.com",
    ]

    /// What a request may do. Faasm's clients send no token: where the surface is open, a request from this machine needs none.
    func access(_ request: Request) async throws -> Access {
        if let header = request.headers[.authorization] {
            let parts = header.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, ["bearer", "token"].contains(parts[0].lowercased()) else {
                throw Failure(.unauthorized, "Give `Authorization: Bearer TOKEN`.")
            }
            return try await platform.signIn(token: parts[1])
        }
        switch configuration.guarding {
        case .none: return .local
        case .token:
            throw Failure(.unauthorized, "This needs a token: give `Authorization: Bearer TOKEN`.")
        case .loopback:
            let isWebPage = request.headers[Self.origin] != nil && !configuration.allowsWebPages
            guard !isWebPage, Self.isOwn(request.head.authority) else {
                throw Failure(
                    .forbidden,
                    "Without a token only programs of this machine are answered, by its own name; no web pages.")
            }
            return .local
        }
    }

    private static let origin = HTTPField.Name("Origin")!

    private static func isOwn(_ authority: String?) -> Bool {
        guard let authority else { return true }
        if ownNames.contains(authority) { return true }
        guard let colon = authority.lastIndex(of: ":") else { return false }
        return ownNames.contains(String(authority[..<colon]))
            && authority[authority.index(after: colon)...].allSatisfy(\.isNumber)
    }
}
