import HTTPTypes
import Hummingbird
import Identity
import Model
import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A name and a password.
struct LoginBody: Decodable {
    var username: String
    var password: String

    init?(form: String) {
        var fields: [String: String] = [:]
        for field in form.split(separator: "&") {
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentCoding.decoded(parts[0], plusIsBlank: true),
                let value = PercentCoding.decoded(parts.count > 1 ? parts[1] : "", plusIsBlank: true)
            else { return nil }
            fields[name] = value
        }
        guard let username = fields["username"], let password = fields["password"] else { return nil }
        self.username = username
        self.password = password
    }
}

/// Whom a token is wanted for. Components are text, or JSON as functions write them.
struct DelegateBody: Decodable {
    var component: Subject
    /// Whether a home is to be made for it.
    var bootstrap: Bool?
    /// Who may use the gate there; nil: whom the token is for.
    var clearance: Subject?
}

extension FaastenFace {
    /// Bytes of bodies that hold a few words.
    static let maximumSmallBodyBytes = 64 << 10

    func smallBody(_ request: Request) async throws -> [UInt8] {
        Array(try await request.body.collect(upTo: Self.maximumSmallBodyBytes).readableBytesView)
    }

    /// A body as JSON of a shape; anything else is a 400.
    func smallBody<Body: Decodable>(_ type: Body.Type, _ request: Request) async throws -> Body {
        let bytes = try await smallBody(request)
        do { return try JSONDecoder().decode(type, from: Data(bytes)) } catch {
            var sentence = "the body is not the JSON that is expected"
            if case .dataCorrupted(let context)? = error as? DecodingError, !context.codingPath.isEmpty {
                sentence =
                    "`\(context.codingPath.map(\.stringValue).joined(separator: "."))`: \(context.debugDescription)"
            }
            throw Failure.badRequest(sentence)
        }
    }
}
