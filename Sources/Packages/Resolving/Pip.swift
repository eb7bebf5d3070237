internal import FoundationEssentials
internal import Glibc
internal import Kernel

/// Runs pip, the program, as a process with limits. It resolves and downloads; it never builds and never installs, so no code
/// of a package is run. It gets this process's environment: the machine's settings for pip count.
struct Pip: Sendable {
    /// The Python whose pip it is: a path, or a name to be found in `PATH`.
    var python: String
    var timeoutSeconds: Int

    /// What became of a run.
    struct Ending: Sendable {
        var status: Int32
        /// Its standard output and error.
        var log: String
    }

    static let timedOut: Int32 = 124
    static let noProgram: Int32 = 127

    private static let maximumMemoryKiB = 4 << 20
    private static let maximumProcessorSeconds = 300
    /// In blocks of 512 bytes.
    private static let maximumFileBlocks = 256 << 11
    private static let maximumLogBytes = 64 << 10

    /// Downloads wheels for any machine into `folder`, for what its file `requirements.txt` asks for, with what is built in, as
    /// `builtin` has it in `folder/builtin`, counted as there.
    func download(into folder: String) async throws(PackageError) -> Ending {
        try await run(
            [
                "download", "--quiet", "--progress-bar", "off", "--only-binary", ":all:", "--platform", "any",
                "--implementation", "py", "--abi", "none", "--python-version", "3.13", "--dest", "\(folder)/wheels",
                "--find-links", "\(folder)/builtin", "--constraint", "\(folder)/constraints.txt", "--requirement",
                "\(folder)/requirements.txt",
            ], in: folder, log: "\(folder)/log")
    }

    /// In a folder of ours: Python looks for modules, and pip for archives, where it is started.
    private func run(_ arguments: [String], in folder: String, log: String) async throws(PackageError) -> Ending {
        let limits =
            "cd \"$1\" || exit 126; shift; ulimit -c 0; ulimit -v \(Self.maximumMemoryKiB); ulimit -t \(Self.maximumProcessorSeconds); "
            + "ulimit -f \(Self.maximumFileBlocks); exec timeout -k 5 \"$@\""
        let words =
            [
                "/bin/sh", "-c", limits, "sh", folder, "\(timeoutSeconds)", python, "-m", "pip", "--no-input",
                "--disable-pip-version-check",
            ] + arguments
        let status = await withCheckedContinuation { continuation in
            PlainThread.start(name: "pip") { continuation.resume(returning: Self.spawnAndWait(words, log: log)) }
        }
        guard let status else {
            throw PackageError(
                .unavailable, "A process for pip cannot be started: \(String(cString: strerror(errno))).")
        }
        let text = FileManager.default.contents(atPath: log)?.suffix(Self.maximumLogBytes) ?? Data()
        return Ending(status: status, log: String(decoding: text, as: UTF8.self))
    }

    /// The exit status, 128 and more where a signal ended it; nil where no process could be started.
    private static func spawnAndWait(_ words: [String], log: String) -> Int32? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own: the terminal's Ctrl-C is for the server.
        posix_spawnattr_setpgroup(&attributes, 0)
        var everything = sigset_t()
        sigfillset(&everything)
        posix_spawnattr_setsigdefault(&attributes, &everything)
        var nothing = sigset_t()
        sigemptyset(&nothing)
        posix_spawnattr_setsigmask(&attributes, &nothing)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        let copies = words.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        var id: pid_t = 0
        guard posix_spawn(&id, words[0], &actions, &attributes, copies + [nil], environ) == 0 else { return nil }
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 && errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }
}
