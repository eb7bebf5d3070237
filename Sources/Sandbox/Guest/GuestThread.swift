internal import CLinux
internal import Glibc

/// A plain thread: guest code must not run on Swift's own pool, whose threads are few and have small stacks.
public enum GuestThread {
    /// Room for the guest's own stack (4 MiB) and the host functions that it calls.
    public static let stackBytes = 16 << 20

    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a thread that runs `body` and then ends. The process ends where the system has no thread left.
    public static func start(name: String, stackBytes: Int = stackBytes, _ body: @escaping @Sendable () -> Void) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackBytes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(Body(body)).toOpaque()
        let result = pthread_create(
            &thread, &attributes,
            { argument in
                Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
                return nil
            }, argument)
        precondition(result == 0, "the system has no room for a thread (\(name)): error \(result)")
    }
}
