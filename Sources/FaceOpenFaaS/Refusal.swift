import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Platform
import PlatformHTTP

/// An answer that is no success: a status and a short text, which clients print.
struct Refusal: Error, Hashable, Sendable {
    /// Who made the error, where it was not the function.
    enum Origin: String, Sendable {
        case proxy
        case watchdog = "of-watchdog"
    }

    var status: HTTPResponse.Status
    var text: String
    var origin: Origin?
    var retryAfterSeconds: Int?

    init(_ status: HTTPResponse.Status, _ text: String, origin: Origin? = nil, retryAfterSeconds: Int? = nil) {
        self.status = status
        self.text = text
        self.origin = origin
        self.retryAfterSeconds = retryAfterSeconds
    }

    static let methodNotAllowed = Refusal(.methodNotAllowed, "Method not allowed.")
    static let invalidCredentials = Refusal(.unauthorized, "invalid credentials")

    /// There is no such function.
    static func unknown(_ name: String, origin: Origin? = nil) -> Refusal {
        Refusal(.notFound, "error finding function \(name): no such function", origin: origin)
    }

    /// The one place where errors become HTTP.
    init(_ error: any Error) {
        switch error {
        case let refusal as Refusal: self = refusal
        case let error as PlatformError: self.init(error)
        case let error as InvalidName: self.init(.badRequest, "`\(error.name)` is no valid name.")
        case is NIOTooManyBytesError:
            self.init(.contentTooLarge, "The body is larger than this server takes (`maximumRequestBodyBytes`).")
        default: self.init(.internalServerError, "The request failed; the server's log says why.")
        }
    }

    private init(_ error: PlatformError) {
        guard error.code != .unauthenticated else {
            self = .invalidCredentials
            return
        }
        self.init(error.code.status, error.message, retryAfterSeconds: error.retryAfterSeconds)
    }

    var response: Response {
        var response = Reply.text(status, text)
        if let origin { response.headers[Reply.internalError] = origin.rawValue }
        if let retryAfterSeconds { response.headers[.retryAfter] = "\(retryAfterSeconds)" }
        if status == .unauthorized { response.headers[.wwwAuthenticate] = "Basic realm=\"Restricted\"" }
        return response
    }
}
