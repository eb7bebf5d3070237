internal import FoundationEssentials
internal import Glibc
internal import Kernel
internal import Model
internal import Sandbox

/// Has modules of users compiled: once each, in a process of its own that may do nothing else.
extension WorkerPool {
    func compile(_ module: [UInt8], _ limits: FunctionLimits) async throws(SandboxRefusal) -> PrepareOutcome {
        // One after the other: what compilers may use adds up.
        let result = await compilerGate.pass([0]) { () async -> Result<PrepareOutcome, WorkerError> in
            do throws(WorkerError) { return .success(try await compiled(module, limits)) } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let outcome): return outcome
        case .failure(let error): throw .unavailable(error.message)
        }
    }

    private func compiled(_ module: [UInt8], _ limits: FunctionLimits) async throws(WorkerError) -> PrepareOutcome {
        let shelf = images.code
        guard let id = shelf.id(of: module) else { throw WorkerError("the module has no name") }
        if let header = shelf.header(id) { return Self.accepted(id, header) }
        guard let file = Descriptor.memoryFile("module"), module.withUnsafeBytes({ file.write($0) }) else {
            throw WorkerError("the system has no memory for a module")
        }
        switch try await compile(file, limits) {
        case .exited(0):
            guard let header = shelf.header(file) else { throw WorkerError("the compiler's code cannot be used") }
            try shelf.store(file, as: id)
            return Self.accepted(id, header)
        case .exited(65): return Self.refused(try Self.sentence(in: file))
        case .exited(let code): throw WorkerError("the compiler ended with code \(code); its own words are in the log")
        case .killed(SIGXCPU): return Self.refused("the module takes too long to compile")
        case .killed:
            return Self.refused("the compiler ended on this module: it is too large, or nested too deeply")
        }
    }

    private func compile(_ file: Descriptor, _ limits: FunctionLimits) async throws(WorkerError) -> ChildProcess.Ending
    {
        var arguments = [
            "compile-function", "--file", "\(ChildProcess.passedDescriptor)", "--compiler",
            Hexadecimal.text(images.code.compiler), "--memory", "\(limits.memoryBytes)",
        ]
        if isRoot() { arguments += ["--user", "\(configuration.userID)", "--group", "\(configuration.groupID)"] }
        let process = try ChildProcess.start(configuration.executablePath, arguments, passing: file)
        return await withCheckedContinuation { continuation in
            PlainThread.start(name: "compiler") { continuation.resume(returning: process.wait()) }
        }
    }

    private static func accepted(_ id: ImageID, _ header: CodeFile) -> PrepareOutcome {
        var warnings = header.unknownImports.map {
            "the module imports `\($0)`, which does not exist here: a call of it fails"
        }
        if header.repeatsHook {
            warnings.append(
                "the module's `_faasm_zygote` leaves what cannot be kept (changed tables or references, files): it is run in each call"
            )
        }
        return PrepareOutcome(result: .success(id), logs: [], usage: ResourceUsage(), warnings: warnings)
    }

    private static func refused(_ message: String) -> PrepareOutcome {
        let fault = ExecutionFault(kind: .raised, type: "InvalidModule", message: message)
        return PrepareOutcome(result: .failure(fault), logs: [], usage: ResourceUsage())
    }

    private static func sentence(in file: Descriptor) throws(WorkerError) -> String {
        var bytes: [UInt8] = []
        try ImageStore.read(file) { piece throws(WorkerError) in bytes += piece }
        return String(decoding: bytes, as: UTF8.self)
    }
}
