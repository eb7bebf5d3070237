internal import CLinux
internal import Glibc
internal import Kernel
internal import Model
internal import Sandbox

/// How the compiler of users' modules is started.
public struct CompilerOptions: Sendable {
    /// The inherited memory file with the module, which is replaced by the compiled code, or by a sentence of refusal.
    public var file: Int32
    /// What the code depends on beside the module: 64 hexadecimal digits.
    public var compiler: String
    /// What the module's memory may be at first.
    public var maximumMemoryBytes: Int
    /// Whom to become where started as root; 0: nobody else.
    public var userID: UInt32
    public var groupID: UInt32

    public init(file: Int32, compiler: String, maximumMemoryBytes: Int, userID: UInt32 = 0, groupID: UInt32 = 0) {
        self.file = file
        self.compiler = compiler
        self.maximumMemoryBytes = maximumMemoryBytes
        self.userID = userID
        self.groupID = groupID
    }
}

extension WorkerMain {
    /// What the compiler may use before the kernel ends it: modules are made to be expensive, too.
    private static let compilerMemoryBytes: UInt64 = 4 << 30
    private static let compilerSeconds: UInt64 = 60
    private static let compilerDescriptors: UInt64 = 32
    /// The exit code for modules that are refused.
    private static let refused: Int32 = 65

    /// Compiles one module of a user, locked down like a worker. Never returns: 0, 65 where the module is refused, 70 where
    /// this process could not do it.
    public static func compile(_ options: CompilerOptions) -> Never {
        linux_close_from(options.file + 1)
        let file = Descriptor(takingOver: options.file)
        do throws(SandboxError) {
            let compiler = try ModuleCompiler()
            guard linux_limit_compiler(compilerMemoryBytes, compilerSeconds) == 0 else {
                throw SandboxError("the compiler could not be limited")
            }
            try lockDown(options.userID, options.groupID, compilerDescriptors)
            let module = try contents(of: file)
            let result = Result { () throws(ModuleRefusal) in
                try compiler.compile(
                    module, compiler: Hexadecimal.bytes(options.compiler) ?? [],
                    maximumMemoryBytes: options.maximumMemoryBytes)
            }
            switch result {
            case .success(let code): try replace(file, code)
            case .failure(let refusal):
                try replace(file, Array(refusal.message.utf8))
                exit(refused)
            }
        } catch { fail(error.message) }
        exit(0)
    }

    private static func contents(of file: Descriptor) throws(SandboxError) -> [UInt8] {
        var status = stat()
        guard fstat(file.number, &status) == 0 else { throw SandboxError("the module cannot be read") }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                pread(file.number, $0.baseAddress! + offset, $0.count - offset, offset)
            }
            guard count > 0 else { throw SandboxError("the module cannot be read") }
            offset += count
        }
        return bytes
    }

    private static func replace(_ file: Descriptor, _ bytes: [UInt8]) throws(SandboxError) {
        let isDone =
            ftruncate(file.number, 0) == 0 && lseek(file.number, 0, SEEK_SET) == 0
            && bytes.withUnsafeBytes { file.write($0) }
        guard isDone else { throw SandboxError("the compiled code cannot be written") }
    }
}
