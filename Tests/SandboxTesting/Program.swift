#if DEBUG  // only then are the sandbox's insides open to others
    public import Model
    public import Sandbox
    import Wasmtime

    /// A raw WebAssembly function of the tests, compiled.
    public struct Program: Sendable {
        public let file: [UInt8]
        private let loaded: LoadedProgram
        private static let sandbox = Result { try ProgramSandbox(permits: FreePermits()) }
        private static let compiler = Result { try ModuleCompiler() }

        /// Compiles a module in text form.
        public init(_ text: String, limits: FunctionLimits = .standard) throws {
            try self.init(module: Engine.assemble(text), limits: limits)
        }

        public init(module: [UInt8], limits: FunctionLimits = .standard) throws {
            file = try Self.compiler.get().compile(
                module, compiler: [UInt8](repeating: 1, count: 32), maximumMemoryBytes: limits.memoryBytes)
            loaded = try Self.load(file)
        }

        /// Takes over the bytes of a file of compiled code.
        public static func load(_ file: [UInt8]) throws -> LoadedProgram {
            try sandbox.get().load(MemoryFile.make(file))
        }

        /// Imports that do not exist, as the file names them.
        public var unknownImports: [String] {
            (try? file.withUnsafeBytes { try CodeFile(parsing: $0) })?.unknownImports ?? []
        }

        /// Whether its hook is run in each call.
        public var repeatsHook: Bool { (try? file.withUnsafeBytes { try CodeFile(parsing: $0) })?.repeatsHook ?? false }

        /// Calls it once.
        public func callAsFunction(
            _ input: [UInt8] = [], program: ProgramInput = ProgramInput(), limits: FunctionLimits = .standard,
            hostCalls: (any HostCallHandler)? = nil, state: StateReader? = nil,
            interruption: Interruption = Interruption()
        ) async throws -> RunOutcome {
            try await GuestThread.run {
                try now(
                    input, program: program, limits: limits, hostCalls: hostCalls, state: state,
                    interruption: interruption)
            }
        }

        /// Calls it on this thread, which must be a guest's.
        public func now(
            _ input: [UInt8] = [], program: ProgramInput = ProgramInput(), limits: FunctionLimits = .standard,
            hostCalls: (any HostCallHandler)? = nil, state: StateReader? = nil,
            interruption: Interruption = Interruption()
        ) throws -> RunOutcome {
            var result: RunOutcome?
            let run = Run(parts: [input], limits: limits, hostCalls: hostCalls, program: program, state: state)
            try Self.sandbox.get().call(loaded, run, interruption) { result = $0 }
            return result!
        }
    }
#endif
