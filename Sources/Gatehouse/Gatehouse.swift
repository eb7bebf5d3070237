public import Labels
public import LabelledFiles
public import Logging
public import Platform
public import ServiceLifecycle

/// Runs what is behind gates and sends what services stand for, with labels kept from end to end. It knows no HTTP.
public final class Gatehouse: Sendable {
    public let files: LabelledFiles
    private let configuration: GatehouseConfiguration

    private init(_ files: LabelledFiles, _ configuration: GatehouseConfiguration) {
        self.files = files
        self.configuration = configuration
    }

    /// Makes what the server offers to everybody, where it is missing.
    public static func open(
        platform: Platform, files: LabelledFiles, sender: (any OutboundSender)?,
        configuration: GatehouseConfiguration, logger: Logger
    ) async throws -> Gatehouse {
        try await files.prepare(
            publicKey: configuration.keys.publicPEM, privateKey: configuration.keys.privatePEM)
        return Gatehouse(files, configuration)
    }

    /// What must run beside the platform.
    public var services: [any Service] { [] }

    /// Begins to take a file of a request; its bytes will have the request's label, and count for the user.
    public func beginUpload(as user: Component, label: Label) throws(GateFailure) -> PendingUpload {
        try PendingUpload(Caller(files, label: label, privilege: user, name: user.description))
    }

    /// Calls a gate and waits for the answer.
    public func invoke(_ request: GateRequest) async throws(GateFailure) -> GateAnswer {
        throw .failed("Gates are not run yet.")
    }

    /// Has a gate called, and returns the id that its answer can be asked for by.
    public func start(_ request: GateRequest) async throws(GateFailure) -> String {
        throw .failed("Gates are not run yet.")
    }

    /// The answer of an asynchronous call; nil while it runs.
    public func result(
        of invocation: String, for user: Component, label: Label
    ) async throws(GateFailure) -> GateAnswer? {
        throw .unknownInvocation
    }

    /// What calls of a gate printed and were refused, oldest first, as far as the user may know it. With `follow` it goes on
    /// with what comes, until the consumer stops.
    public func logs(
        of path: FilePath, for user: Component, follow: Bool = false
    ) async throws(GateFailure) -> AsyncStream<GateLogLine> {
        AsyncStream { $0.finish() }
    }
}
