public import Sandbox

extension GuestThread {
    /// Runs `body` on a guest thread and waits for it without blocking.
    public static func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            start(name: "test") { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}
