import HTTPTypes
import Model
import Platform
import PlatformHTTP

/// An answer that is not 200, in the form of every error body of this surface.
struct Failure: Error, Hashable, Sendable {
    var status: HTTPResponse.Status
    var message: String
    var code: String?
    var traceback: String?
    var retryAfterSeconds: Int?

    init(
        _ status: HTTPResponse.Status, _ message: String, code: String? = nil, traceback: String? = nil,
        retryAfterSeconds: Int? = nil
    ) {
        self.status = status
        self.message = message
        self.code = code
        self.traceback = traceback
        self.retryAfterSeconds = retryAfterSeconds
    }

    static let notFound = Failure(.notFound, "Not found.")
    static let methodNotAllowed = Failure(.methodNotAllowed, "Method not allowed.")
    static let invalidToken = Failure(.unauthorized, "Invalid token.")

    /// A request whose body or query is wrong.
    static func badRequest(_ message: String) -> Failure { Failure(.badRequest, message) }

    /// Arguments of another form than a call takes.
    static func illegalArguments(_ message: String) -> Failure {
        Failure(.badRequest, message, code: "illegal_execution_parameters_error")
    }

    /// The wording that the clients use themselves.
    static func invalidName(_ name: String) -> Failure {
        let most = FunctionName.maximumBytes
        guard name.utf8.count <= most else {
            return badRequest("Invalid name: `\(name.prefix(most))…`. Allowed only \(most) characters")
        }
        return Failure(.badRequest, "Invalid name: `\(name)`. Allowed only letters and numbers")
    }
}

extension Failure {
    /// A failure of the platform in this face's words.
    init(_ error: PlatformError) {
        switch error.code {
        case .unauthenticated: self = .invalidToken
        case .functionNotFound, .executionNotFound, .batchNotFound, .spotNotFound, .accountNotFound, .notFound:
            self = .notFound
        case .idempotencyConflict: self.init(error.code.status, error.message, code: error.code.rawValue)
        default:
            self.init(
                error.code.status, error.message, code: Self.named.contains(error.code) ? error.code.rawValue : nil,
                traceback: error.fault?.traceback, retryAfterSeconds: error.retryAfterSeconds)
        }
    }

    /// The platform's codes that are told to clients.
    private static let named: Set<PlatformError.Code> = [.invalidCode, .noSpots, .rateLimited]

    /// A blocking run that did not succeed.
    init(_ fault: ExecutionFault) {
        switch fault.kind {
        case .timedOut:
            self.init(
                .gatewayTimeout, "Run time limit exceeded.", code: "execution_timeout", traceback: fault.traceback)
        default:
            self.init(.internalServerError, fault.summary, code: "execution_failed", traceback: fault.traceback)
        }
    }
}
