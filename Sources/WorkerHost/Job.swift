internal import Kernel
internal import Model

/// One thing that a worker is to do, and who waits for it.
final class Job: Sendable {
    /// What is to be done.
    enum Request: Sendable {
        case boot
        case prepare(manifest: [UInt8], source: [UInt8], limits: FunctionLimits)
        case call(CallRequest)
    }

    /// What came of it.
    enum Reply: Sendable {
        case finished(RunOutcome, image: Descriptor?)
        /// The platform's fault.
        case failed(String)
        case imageUnavailable
        /// The worker ended meanwhile.
        case lost(String)
        case cancelledInQueue
        case refused
        /// Nothing can run until a spot is added.
        case noSpots
    }

    let request: Request
    private let continuation: UnsafeContinuation<Reply, Never>

    init(_ request: Request, _ continuation: UnsafeContinuation<Reply, Never>) {
        self.request = request
        self.continuation = continuation
    }

    /// Answers who waits. Exactly once.
    func finish(_ reply: Reply) { continuation.resume(returning: reply) }

    var image: ImageID? {
        if case .call(let call) = request { call.image } else { nil }
    }

    /// How many calls stand between a client and this one.
    var depth: Int {
        if case .call(let call) = request { call.depth } else { 0 }
    }

    var execution: ExecutionID? {
        if case .call(let call) = request { call.id } else { nil }
    }
}
