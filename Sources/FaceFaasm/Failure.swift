import HTTPTypes
import Model
import NIOCore
import Platform
import PlatformHTTP

/// An answer that is no success: a status and a sentence, in plain text.
struct Failure: Error, Hashable, Sendable {
    var status: HTTPResponse.Status
    var message: String
    var retryAfterSeconds: Int?
    /// Whether it is a fault of the platform, whose cause only the log tells.
    private(set) var isUnexpected = false

    init(_ status: HTTPResponse.Status, _ message: String, retryAfterSeconds: Int? = nil) {
        self.status = status
        self.message = message
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// A path of a part that this server does not have.
    static func missing(_ what: String) -> Failure {
        Failure(.notImplemented, "\(what): this server does not have that yet.")
    }

    init(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as PlatformError: self.init(platform: error)
        case let error as InvalidName:
            self.init(
                .badRequest,
                "`\(error.name)` is no name: 1 to 128 of `A-Z a-z 0-9 - _ .`, and not `.` or `..`.")
        case is NIOTooManyBytesError: self.init(.contentTooLarge, "The body is larger than this server takes.")
        default:
            self.init(.internalServerError, "The request failed; the server's log says why.")
            isUnexpected = true
        }
    }

    private init(platform error: PlatformError) {
        let traceback = error.fault?.traceback.map { "\n\($0)" } ?? ""
        self.init(error.code.status, error.message + traceback, retryAfterSeconds: error.retryAfterSeconds)
        isUnexpected = error.code == .internalFailure
    }
}
