internal import Kernel

/// A thread that may run guest code.
public enum GuestThread {
    /// Room for the guest's own stack (4 MiB) and the host functions that it calls.
    private static let stackBytes = 16 << 20

    /// Starts a thread that runs `body` and then ends.
    public static func start(name: String, _ body: @escaping @Sendable () -> Void) {
        PlainThread.start(name: name, stackBytes: stackBytes, body)
    }
}
