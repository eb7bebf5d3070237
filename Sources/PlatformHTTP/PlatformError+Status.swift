public import HTTPTypes
public import Platform

extension PlatformError.Code {
    /// The one table of what failures of the platform are over HTTP. Each face has its own words and form for them.
    public var status: HTTPResponse.Status {
        switch self {
        case .invalidRequest, .invalidName, .invalidCode, .invalidContext, .invalidRequirements, .invalidArguments:
            .badRequest
        case .tooLarge: .contentTooLarge
        case .unauthenticated: .unauthorized
        case .forbidden: .forbidden
        case .functionNotFound, .executionNotFound, .batchNotFound, .spotNotFound, .accountNotFound, .notFound:
            .notFound
        case .alreadyExists, .conflict, .idempotencyConflict: .conflict
        case .busy, .rateLimited: .tooManyRequests
        case .unavailable, .noSpots: .serviceUnavailable
        case .internalFailure: .internalServerError
        }
    }
}
