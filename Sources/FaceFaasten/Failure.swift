import Blobs
import Gatehouse
import HTTPTypes
import Identity
import LabelledFiles
import Labels
import Multipart
import NIOCore
import Platform
import PlatformHTTP

/// An answer that is no success: a status and what stands in the member `error` of its body.
struct Failure: Error, Sendable {
    var status: HTTPResponse.Status
    var message: String
    /// What stands in the member `detail`.
    var detail: String?
    var retryAfterSeconds: Int?
    /// What only the log tells.
    private(set) var cause: (any Error)?

    init(_ status: HTTPResponse.Status, _ message: String, detail: String? = nil, retryAfterSeconds: Int? = nil) {
        self.status = status
        self.message = message
        self.detail = detail
        self.retryAfterSeconds = retryAfterSeconds
    }

    static let invalidToken = Failure(.unauthorized, "invalid token")
    static let expiredToken = Failure(.unauthorized, "Authentication token expired")
    static let missingToken = Failure(.unauthorized, "a token is needed")
    static let methodNotAllowed = Failure(.methodNotAllowed, "method not allowed")

    static func badRequest(_ message: String) -> Failure { Failure(.badRequest, message) }

    /// The one place where errors become HTTP.
    init(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as GateFailure: self.init(gate: error)
        case let error as PlatformError: self.init(platform: error)
        case let error as TokenRefusal: self = error == .expired ? .expiredToken : .invalidToken
        case let error as MultipartError: self.init(.badRequest, error.message)
        case let error as LabelError: self.init(.badRequest, "\(error)")
        case is NIOTooManyBytesError: self.init(.contentTooLarge, "the body is larger than this server takes")
        default: self.init(unexpected: error)
        }
    }

    private init(unexpected error: any Error) {
        self.init(.internalServerError, "failed to process request")
        cause = error
    }

    private init(gate error: GateFailure) {
        self.init(HTTPResponse.Status(code: error.status), error.sentence)
        switch error {
        case .busy(let seconds): retryAfterSeconds = seconds
        case .launch(let detail): self.detail = detail
        case .failed: cause = error
        default: break
        }
    }

    private init(platform error: PlatformError) {
        switch error.code {
        case .unauthenticated: self = error.cause as? TokenRefusal == .expired ? .expiredToken : .invalidToken
        case .internalFailure: self.init(unexpected: error.cause ?? error)
        default: self.init(error.code.status, error.message, retryAfterSeconds: error.retryAfterSeconds)
        }
    }
}
