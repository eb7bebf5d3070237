internal import Glibc
internal import Kernel

/// A process of this program.
struct ChildProcess: Sendable {
    let id: pid_t

    /// How a process ended.
    enum Ending: Equatable, CustomStringConvertible {
        case exited(Int32)
        case killed(signal: Int32)

        var description: String {
            switch self {
            case .exited(let code): "exit code \(code)"
            case .killed(let signal): "signal \(signal), \(String(cString: strsignal(signal)))"
            }
        }
    }

    /// The number under which a child finds the descriptor that it was passed.
    static let passedDescriptor: Int32 = 3

    /// Starts `path` in a process group of its own (the terminal's Ctrl-C is for the server), with an empty standard input,
    /// the server's standard error as both outputs, and at most one more descriptor.
    static func start(
        _ path: String, _ arguments: [String], passing descriptor: Descriptor?
    ) throws(WorkerError) -> ChildProcess {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, 2, 1)
        if let descriptor {
            posix_spawn_file_actions_adddup2(&actions, descriptor.number, passedDescriptor)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setpgroup(&attributes, 0)
        var everything = sigset_t()
        sigfillset(&everything)
        posix_spawnattr_setsigdefault(&attributes, &everything)
        var nothing = sigset_t()
        sigemptyset(&nothing)
        posix_spawnattr_setsigmask(&attributes, &nothing)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        posix_spawnattr_setflags(&attributes, Int16(flags))
        // The backtracer would take over the signals that wasmtime needs.
        let environment = ["SWIFT_BACKTRACE=enable=no", "PATH=/usr/bin:/bin", "LANG=C.UTF-8"]
        var id: pid_t = 0
        let result = withCStrings([path] + arguments) { arguments in
            withCStrings(environment) { posix_spawn(&id, path, &actions, &attributes, arguments, $0) }
        }
        withExtendedLifetime(descriptor) {}
        guard result == 0 else { throw WorkerError("\(path) cannot be started: \(String(cString: strerror(result)))") }
        return ChildProcess(id: id)
    }

    /// Waits for the end on the calling thread.
    func wait() -> Ending {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 && errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
    }

    func kill() { Glibc.kill(id, SIGKILL) }
}

/// Gives `body` a C array of C strings.
private func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
}
