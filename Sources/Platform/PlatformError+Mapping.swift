import Model
import Packages
import Storage

extension PlatformError {
    /// There is no such function.
    static func noFunction(_ key: FunctionKey) -> Self {
        Self(.functionNotFound, "There is no function `\(key)`.")
    }

    /// A function of that name is there already.
    static func taken(_ key: FunctionKey) -> Self {
        Self(.alreadyExists, "Function `\(key.name)` already exists.")
    }

    /// There is no such execution.
    static func noExecution(_ id: ExecutionID) -> Self {
        Self(.executionNotFound, "There is no execution \(id).")
    }

    /// There is no such spot, or none at all.
    static let noSpot = Self(.spotNotFound, "There is no such spot.")

    /// A spot is being removed or replaced.
    static func spotIsLeaving(_ address: SpotAddress) -> Self {
        Self(.conflict, "Spot \(address) is being removed or replaced already.")
    }

    /// What the store could not do.
    static func storage(_ error: any Error) -> Self {
        switch error {
        case let error as PlatformError: error
        case let error as StorageError where error.code == .keyConflict:
            Self(.idempotencyConflict, error.message, cause: error)
        case let error as StorageError where error.code == .unavailable:
            Self(
                .unavailable, "The data folder cannot be written: \(error.message)", cause: error, retryAfterSeconds: 5)
        case is CancellationError: Self(.unavailable, "The request was given up.", cause: error)
        default: Self(.internalFailure, "The store failed; the server's log says why.", cause: error)
        }
    }

    /// Why the sandboxes took no request.
    static func refusal(_ refusal: SandboxRefusal) -> Self {
        switch refusal {
        case .queueFull(let seconds):
            Self(
                .busy, "Too many calls wait for a sandbox; try again in \(seconds) s.", cause: refusal,
                retryAfterSeconds: seconds)
        case .imageUnavailable(let image):
            Self(.unavailable, "The image \(image) could not be loaded.", cause: refusal, retryAfterSeconds: 1)
        case .packageUnavailable(let package):
            Self(
                .unavailable, "The package \(package) of the function is lost or damaged: deploy the function again.",
                cause: refusal)
        case .noSpots: Self(.noSpots, "No spots available.", cause: refusal)
        case .unavailable(let reason):
            Self(.unavailable, reason, cause: refusal, retryAfterSeconds: 1)
        }
    }

    /// Why a package cannot be taken.
    static func package(_ error: PackageError) -> Self {
        switch error.code {
        case .malformed, .forbidden: Self(.invalidRequest, error.message)
        case .tooLarge: Self(.tooLarge, error.message)
        case .requirements: Self(.invalidRequirements, error.message)
        case .unavailable: Self(.unavailable, error.message, cause: error)
        }
    }

    /// Runs something that throws anything and turns that into this module's error.
    static func storing<T>(_ body: () async throws -> T) async throws(PlatformError) -> T {
        do { return try await body() } catch { throw storage(error) }
    }
}
