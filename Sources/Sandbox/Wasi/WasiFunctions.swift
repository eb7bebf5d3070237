internal import CLinux
internal import Wasmtime

/// The functions of WASI preview 1, over a ``Session``. No call of a guest reaches the host's file system.
enum WasiFunctions {
    /// The interface's module name.
    static let module = "wasi_snapshot_preview1"

    static func define(in linker: Linker<SlotState>) throws(WasmtimeError) {
        try defineEnvironment(linker)
        try defineClocks(linker)
        try defineStreams(linker)
        try defineFiles(linker)
        try definePaths(linker)
        try defineSockets(linker)
    }

    /// What one request for random bytes may ask for. C libraries ask for 256 at a time.
    private static let maximumRandomBytes = 1 << 16

    typealias Body = @Sendable (Session, GuestView, borrowing HostArguments) throws(WasiFailure) -> Void

    /// Defines a function that returns an error number and needs the guest's memory throughout.
    static func function(
        _ linker: Linker<SlotState>, _ name: String, _ parameters: [ValueType], _ body: @escaping Body
    ) throws(WasmtimeError) {
        try linker.define(module, name, parameters, [.i32]) { state, arguments throws(HostTrap) in
            let session = try state.session()
            session.files.shared.begin()
            while true {
                // One withLock for the whole function: the watchdog must not take the memory away in the middle.
                let number = try session.memory.access { view throws(HostTrap) -> Errno in
                    do throws(WasiFailure) {
                        try body(session, view, arguments)
                        return .success
                    } catch {
                        switch error {
                        case .errno(let number): return number
                        case .trap(let trap): throw trap
                        }
                    }
                }
                if number == .again, try session.askForShared() { continue }
                return arguments.returns(i32: number.rawValue)
            }
        }
    }

    // MARK: Arguments, environment, end

    private static func defineEnvironment(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        try defineStrings(linker, "args_get", "args_sizes_get") { $0.program?.input.arguments ?? [] }
        try defineStrings(linker, "environ_get", "environ_sizes_get") { $0.program?.input.environment ?? [] }
        try linker.define(module, "proc_exit", [.i32], []) { state, arguments throws(HostTrap) in
            try state.session().exitCode = Int32(bitPattern: arguments.u32(0))
            throw HostTrap("the guest ended itself")
        }
        try function(linker, "proc_raise", [.i32]) { _, _, _ throws(WasiFailure) in throw .errno(.nosys) }
        try function(linker, "sched_yield", []) { _, _, _ throws(WasiFailure) in }
        try function(linker, "random_get", [.i32, .i32]) { _, view, arguments throws(WasiFailure) in
            let target = try view.range(arguments.u32(0), arguments.u32(1))
            guard target.count <= maximumRandomBytes else { throw .errno(.inval) }
            guard linux_random(target.baseAddress, target.count) else { throw .errno(.nosys) }
        }
    }

    /// A list of strings, each with a NUL behind it: one function writes addresses and strings, one their count and length.
    private static func defineStrings(
        _ linker: Linker<SlotState>, _ get: String, _ sizes: String, _ list: @escaping @Sendable (Session) -> [String]
    ) throws(WasmtimeError) {
        try function(linker, get, [.i32, .i32]) { session, view, arguments throws(WasiFailure) in
            var (pointer, target) = (arguments.u32(0), arguments.u32(1))
            for text in list(session) {
                let bytes = Array(text.utf8) + [0]
                try view.put(target, pointer)
                try view.range(target, UInt32(bytes.count)).copyBytes(from: bytes)
                // Both were inside the memory, so that they do not overflow.
                pointer &+= 4
                target &+= UInt32(bytes.count)
            }
        }
        try function(linker, sizes, [.i32, .i32]) { session, view, arguments throws(WasiFailure) in
            let list = list(session)
            try view.put(UInt32(list.count), arguments.u32(0))
            try view.put(UInt32(list.reduce(0) { $0 + $1.utf8.count + 1 }), arguments.u32(1))
        }
    }

    // MARK: Time

    private static func defineClocks(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        try function(linker, "clock_res_get", [.i32, .i32]) { _, view, arguments throws(WasiFailure) in
            guard arguments.u32(0) <= 3 else { throw .errno(.inval) }
            try view.put(UInt64(1000), arguments.u32(1))
        }
        try function(linker, "clock_time_get", [.i32, .i64, .i32]) { _, view, arguments throws(WasiFailure) in
            let time: UInt64
            switch arguments.u32(0) {
            case 0: time = Clock.realtimeNanoseconds()
            case 1: time = UInt64(Clock.monotonicNanoseconds())
            case 2, 3: time = UInt64(ThreadClock().nanoseconds())
            default: throw .errno(.inval)
            }
            try view.put(time, arguments.u32(2))
        }
        try linker.define(module, "poll_oneoff", [.i32, .i32, .i32, .i32], [.i32]) {
            state, arguments throws(HostTrap) in
            arguments.returns(
                i32: try Poll.run(
                    try state.session(), subscriptions: arguments.u32(0), events: arguments.u32(1),
                    count: arguments.u32(2),
                    result: arguments.u32(3)
                ).rawValue)
        }
    }

    // MARK: Sockets, which do not exist

    private static func defineSockets(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        let none: Body = { _, _, _ throws(WasiFailure) in throw .errno(.notsup) }
        try function(linker, "sock_accept", [.i32, .i32, .i32], none)
        try function(linker, "sock_recv", [.i32, .i32, .i32, .i32, .i32, .i32], none)
        try function(linker, "sock_send", [.i32, .i32, .i32, .i32, .i32], none)
        try function(linker, "sock_shutdown", [.i32, .i32], none)
    }
}

/// Ends a WASI function: with an error number for the guest, or with the guest itself.
enum WasiFailure: Error {
    case errno(Errno)
    case trap(HostTrap)
}

/// Runs a step of the file system, whose errors are numbers for the guest.
func wasi<Result>(_ body: () throws(Errno) -> Result) throws(WasiFailure) -> Result {
    do throws(Errno) { return try body() } catch { throw .errno(error) }
}

extension GuestView {
    func put(_ value: some FixedWidthInteger, _ address: UInt32) throws(WasiFailure) {
        do throws(HostTrap) { try store(value, address) } catch { throw .trap(error) }
    }

    func get<Value: FixedWidthInteger>(_ address: UInt32, as type: Value.Type = Value.self) throws(WasiFailure) -> Value
    {
        do throws(HostTrap) { return try load(address, as: type) } catch { throw .trap(error) }
    }

    func range(_ address: UInt32, _ length: UInt32) throws(WasiFailure) -> UnsafeMutableRawBufferPointer {
        do throws(HostTrap) { return try bytes(address, length) } catch { throw .trap(error) }
    }

    func text(_ address: UInt32, _ length: UInt32) throws(WasiFailure) -> String {
        guard length <= FileSystem.maximumPathBytes else { throw .errno(.inval) }
        guard let text = String(validating: try range(address, length), as: UTF8.self) else { throw .errno(.inval) }
        return text
    }

    /// The buffers of a vector of (address, length) pairs: at most 1024, and less than 2 GiB together.
    func buffers(_ address: UInt32, _ count: UInt32) throws(WasiFailure) -> [UnsafeMutableRawBufferPointer] {
        guard count <= 1024 else { throw .errno(.inval) }
        var result: [UnsafeMutableRawBufferPointer] = []
        var total = 0
        for index in 0..<count {
            let (entry, overflow) = address.addingReportingOverflow(index * 8)
            guard !overflow, entry <= UInt32.max - 4 else { throw .errno(.inval) }
            let buffer = try range(get(entry), get(entry + 4))
            total += buffer.count
            // Buffers may overlap, so that together they are longer than the memory.
            guard total <= Int(Int32.max) else { throw .errno(.inval) }
            result.append(buffer)
        }
        return result
    }
}
