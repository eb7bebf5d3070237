internal import Kernel
internal import Model

/// An image, and the packages that its calls see. Equal images may be of functions with different packages.
struct CallCode: Hashable {
    var image: ImageID
    var mounts: [PackageMount]

    init(_ call: CallRequest) {
        image = call.image
        mounts = call.mounts
    }
}

/// One thing that a worker is to do, and who waits for it.
final class Job: Sendable {
    /// What is to be done.
    enum Request: Sendable {
        case boot
        case prepare(
            manifest: [UInt8], source: [UInt8], path: String, limits: FunctionLimits, mounts: [PackageMount])
        case call(CallRequest)
    }

    /// What came of it.
    enum Reply: Sendable {
        case finished(RunOutcome, image: Descriptor?)
        /// The platform's fault.
        case failed(String)
        case imageUnavailable
        case packageUnavailable(PackageID)
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

    /// What a worker must have open to run a call; nil for other jobs.
    var code: CallCode? {
        if case .call(let call) = request { CallCode(call) } else { nil }
    }

    /// How many calls stand between a client and this one.
    var depth: Int {
        if case .call(let call) = request { call.depth } else { 0 }
    }

    var execution: ExecutionID? {
        if case .call(let call) = request { call.id } else { nil }
    }
}
