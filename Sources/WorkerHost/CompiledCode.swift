internal import Crypto
internal import FoundationEssentials
internal import Glibc
internal import Kernel
internal import Logging
internal import Model

/// The interpreter's machine code, compiled once for each kind of machine and kept.
struct CompiledCode {
    let path: String

    /// Changes with everything that the compiler's output depends on beside the module itself and the processor.
    private static let compiler = "wasmtime 50.0.1, settings 1"
    private static let programCompiler = "wasmtime 50.0.1, users' modules, settings 2"

    /// What the code of users' modules depends on beside the module: 32 bytes.
    static func programIdentity() -> [UInt8] {
        Array(SHA256.hash(data: Data("\(programCompiler)\n\(processor())".utf8)))
    }

    /// Finds the code, or has a process of its own compile it. Two servers that start at once do it once. Waits; `onWait` is told
    /// before, with the process if there is one, and answers whether to go on.
    init(
        for guest: GuestFiles, in configuration: WorkerPoolConfiguration, logger: Logger,
        onWait: (ChildProcess?) -> Bool
    ) throws(WorkerError) {
        let folder = configuration.codeFolder
        let key = SHA256.hash(data: Data("\(guest.moduleHash)\n\(Self.compiler)\n\(Self.processor())".utf8))
        path = "\(folder)/\(Hexadecimal.text(key.prefix(16))).code"
        do throws(PrivateFolder.Failure) { try PrivateFolder.make(folder) } catch {
            throw WorkerError(
                "the folder \(folder) for compiled code cannot be made: \(error). Choose another with SWIFTLET_CACHE")
        }
        let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw WorkerError("\(path).lock cannot be made: \(String(cString: strerror(errno)))") }
        let held = Descriptor(takingOver: lock)
        defer { withExtendedLifetime(held) {} }
        try Self.wait(for: lock, path, logger, onWait)
        if isUsable(logger) { return }
        logger.notice("compiling the interpreter for this machine; this is done once")
        // What belongs to somebody else is replaced, not written to.
        unlink(path)
        unlink(sumPath)
        // A name of our own: a compiler whose server was killed may still be writing its own.
        let temporary = "\(path).\(getpid()).new"
        let process = try ChildProcess.start(
            configuration.executablePath, ["compile-interpreter", guest.modulePath, temporary], passing: nil)
        let goesOn = onWait(process)
        let ending = process.wait()
        guard ending == .exited(0), writeSum(of: temporary), rename(temporary, path) == 0 else {
            unlink(temporary)
            guard goesOn else { throw WorkerError("the server stops") }
            throw WorkerError("the interpreter could not be compiled (\(ending)); its own words are above")
        }
    }

    /// How long between two looks at whether another server has done it, in microseconds.
    private static let lookInterval: UInt32 = 50_000

    /// Takes the lock, which another server of this user may hold that compiles.
    private static func wait(
        for lock: Int32, _ path: String, _ logger: Logger, _ onWait: (ChildProcess?) -> Bool
    ) throws(WorkerError) {
        var isFirst = true
        while flock(lock, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw WorkerError("\(path).lock cannot be locked") }
            if isFirst { logger.notice("another server compiles the interpreter; waiting for it") }
            isFirst = false
            guard onWait(nil) else { throw WorkerError("the server stops") }
            usleep(lookInterval)
        }
    }

    /// Where the code's SHA-256 is.
    private var sumPath: String { path + ".sha256" }

    private func writeSum(of file: String) -> Bool {
        guard let sum = Self.sum(of: file) else { return false }
        return FileManager.default.createFile(
            atPath: sumPath, contents: Data(sum.utf8), attributes: [.posixPermissions: 0o600])
    }

    private static func sum(of file: String) -> String? {
        guard let code = try? Data(contentsOf: URL(filePath: file), options: .mappedIfSafe) else { return nil }
        return Hexadecimal.text(Array(SHA256.hash(data: code)))
    }

    /// Whether there is code that nobody else could have written, whole. It is machine code: it is run as it is. Anything else is
    /// compiled anew.
    private func isUsable(_ logger: Logger) -> Bool {
        for file in [path, sumPath] {
            var status = stat()
            guard lstat(file, &status) == 0 else { return false }
            guard Self.isOurs(status), status.st_mode & S_IFMT == S_IFREG else {
                logger.warning("\(file) is not used: it belongs to somebody else, or may be written by others")
                return false
            }
        }
        if let sum = try? String(contentsOfFile: sumPath, encoding: .utf8), sum == Self.sum(of: path) { return true }
        logger.warning("\(path) is damaged: its checksum differs")
        return false
    }

    static func isOurs(_ status: stat) -> Bool { status.st_uid == geteuid() && status.st_mode & 0o022 == 0 }

    /// The processor's kind and features: compiled code uses what it finds.
    private static func processor() -> String {
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return "unknown" }
        let lines = text.split(separator: "\n").prefix { !$0.isEmpty }
        return lines.filter { $0.hasPrefix("flags") || $0.hasPrefix("model name") }.prefix(2).joined(separator: "\n")
    }
}
