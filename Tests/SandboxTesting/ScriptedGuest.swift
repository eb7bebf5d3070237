#if DEBUG  // only then are the sandbox's insides open to others
    import Glibc
    public import Kernel
    public import Model
    @testable public import Sandbox
    import Wasmtime

    /// One call of a script: a function of ``HostFunction`` and its arguments.
    public struct ScriptedCall: Sendable, CustomStringConvertible {
        public var name: String
        public var arguments: [UInt64]

        public init(_ name: String, _ arguments: UInt64...) { self.init(name, arguments) }

        public init(_ name: String, _ arguments: [UInt64]) {
            self.name = name
            self.arguments = arguments
        }

        public var description: String { "\(name)(\(arguments.map(String.init).joined(separator: ", ")))" }
    }

    /// The host functions with modules that call them at will, in slots like the interpreter's.
    ///
    /// Use it on a ``GuestThread``.
    public final class ScriptedHost {
        private let module: PreparedModule<SlotState>
        private let memories = GuestMemorySource()
        private let context: RunContext

        /// Files are what guests see besides `/tmp`.
        public init(
            files: [(name: String, content: [UInt8])] = [("readable", Array("content".utf8))], memoryPages: Int = 2,
            permits: any Permits = FreePermits()
        ) throws {
            let engine = try Engine(EngineSettings(memory: memories, parallelCompilation: false))
            let linker = try Linker<SlotState>(engine)
            try WasiFunctions.define(in: linker)
            try Sandbox.defineHostCall(in: linker)
            let text = ScriptedModule.text(memoryPages: memoryPages)
            module = try linker.prepare(Module(compiling: Engine.assemble(text), in: engine))
            context = RunContext(
                tree: try FileTree(
                    storedZip: MemoryFile.make(StoredZip(files).encoded), mountPoint: "lib", empty: ["tmp", "function"]),
                interruption: Interruption(), watchdog: Watchdog(), permits: permits)
        }

        /// A guest with memory of its own.
        public func guest() throws -> ScriptedGuest {
            ScriptedGuest(slot: try Slot(module, memories: memories), context: context)
        }
    }

    /// One module in a slot.
    public final class ScriptedGuest {
        let slot: Slot
        private let context: RunContext

        init(slot: Slot, context: RunContext) {
            self.slot = slot
            self.context = context
        }

        /// What a run came to.
        public struct Outcome {
            public var run: RunOutcome
            /// What each call returned; that of a call which did not return is what was there before.
            public var results: [Int64]
        }

        /// Puts bytes into the guest's memory.
        public func write(_ bytes: [UInt8], at address: Int) {
            // This is not the guest's doing: no run tells of it.
            slot.privatePages = nil
            precondition(address + bytes.count <= slot.memory.byteCount)
            bytes.withUnsafeBytes {
                (slot.memory.base + address).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
            }
        }

        /// What the guest's memory holds.
        public func read(at address: Int, count: Int) -> [UInt8] {
            precondition(address + count <= slot.memory.byteCount)
            return Array(UnsafeRawBufferPointer(start: slot.memory.base + address, count: count))
        }

        /// Makes an image of its memory as it is now, and its memory a copy of that.
        public func becomeImage() throws {
            let cells = InterruptCells(evalBreaker: 0, evalBreakerBit: 0, signalTripped: 4, anyTripped: 8)
            let file = try ImageCapture.base(
                of: slot.memory, interpreter: [UInt8](repeating: 1, count: 32), cells: cells)
            try slot.load(Image(withoutDifferencesTo: BaseImage(descriptor: file)))
        }

        /// MADV_PAGEOUT, which Swift's import of the C library lacks.
        public static let pageOutAdvice: Int32 = 21

        /// Asks the system to move its memory out, as it does when memory is short.
        public func pageOut() { madvise(slot.memory.base, slot.memory.byteCount, Self.pageOutAdvice) }

        /// Makes its memory the image again; false where it must be thrown away.
        public func reset(_ pagemap: PageMap) -> Bool { slot.reset(pagemap) }

        public var memoryBytes: Int { slot.memory.byteCount }

        /// Runs a script as the call of a function.
        public func run(
            _ calls: [ScriptedCall], limits: FunctionLimits = .standard, parts: [[UInt8]] = [],
            hostCalls: (any HostCallHandler)? = nil, interruption: Interruption = Interruption()
        ) -> Outcome {
            write(calls)
            var context = context
            context.interruption = interruption
            let outcome = slot.run(.call, Run(parts: parts, limits: limits, hostCalls: hostCalls), in: context)
            return Outcome(run: outcome, results: isAlive ? calls.indices.map(result) : [])
        }

        /// Whether its memory is still there, so that it can run again.
        public var isAlive: Bool { !slot.memory.isRevoked }

        private func write(_ calls: [ScriptedCall]) {
            for (index, call) in calls.enumerated() {
                let number = ScriptedModule.functions.firstIndex { $0.name == call.name }!
                precondition(ScriptedModule.functions[number].parameters.count == call.arguments.count, "\(call)")
                var record: [UInt8] = []
                for value in [UInt64(number), 0x7EAD_BEEF] + call.arguments {
                    withUnsafeBytes(of: value.littleEndian) { record += $0 }
                }
                write(record, at: Self.address(of: index))
            }
            write([0xFF, 0xFF, 0xFF, 0xFF], at: Self.address(of: calls.count))
        }

        private func result(_ index: Int) -> Int64 {
            (slot.memory.base + Self.address(of: index) + 8).loadUnaligned(as: Int64.self)
        }

        private static func address(of index: Int) -> Int {
            ScriptedModule.scriptAddress + index * ScriptedModule.recordBytes
        }
    }

    /// Permits without end.
    public struct FreePermits: Permits {
        public init() {}
        public func acquire() {}
        public func release() {}
    }

    /// Files that exist in memory only.
    public enum MemoryFile {
        public static func make(_ bytes: [UInt8]) -> Descriptor {
            let file = Descriptor.memoryFile("test")!
            _ = bytes.withUnsafeBytes { file.write($0) }
            return file
        }
    }
#endif
