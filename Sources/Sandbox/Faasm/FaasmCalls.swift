internal import Model
internal import Wasmtime

extension FaasmFunctions {
    // MARK: Input, output, configuration

    static func defineInputAndOutput(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        try function(linker, "__faasm_read_input", 2) { session, arguments throws(HostTrap) in
            let input = try session.program.orTrap().standardInput
            let length = arguments.u32(1)
            guard length > 0 else { return UInt32(input.count) }
            let kept = input.prefix(Int(length))
            try session.put(kept, at: arguments.u32(0))
            return UInt32(kept.count)
        }
        try action(linker, "__faasm_write_output", 2) { session, arguments throws(HostTrap) in
            let length = arguments.u32(1)
            try session.check(arguments.u32(0), Int(length))
            let kept = min(Int(length), session.limits.outputBytes)
            session.setOutput(try session.bytes(arguments.u32(0), UInt32(kept)), wasCut: kept < Int(length))
        }
        for name in ["__faasm_get_py_user", "__faasm_get_py_func", "__faasm_get_py_entry"] {
            try action(linker, name, 2) { session, arguments throws(HostTrap) in
                try session.put("", at: arguments.u32(0), cutTo: arguments.u32(1))
            }
        }
        try function(linker, "__faasm_conf_flag", 1) { session, arguments throws(HostTrap) in
            switch try session.text(arguments.u32(0)) {
            case "ALWAYS_ON": return 1
            case "PYTHON_PRELOAD":
                return try session.program.orTrap().input.environment.contains("PYTHON_PRELOAD=on") ? 1 : 0
            default: return 0
            }
        }
        let probe = try StackProbe(linker)
        try action(linker, "__faasm_backtrace", 1) { session, arguments throws(HostTrap) in
            // None or a negative number: all of them.
            let depth = Int32(bitPattern: arguments.u32(0))
            let frames = probe.frames(under: arguments).prefix(depth > 0 ? Int(depth) : .max)
            let lines = Array(frames.map { "\($0)\n" }.joined().utf8)
            lines.withUnsafeBytes { session.log.write($0, to: .stderr, now: Clock.timestamp()) }
        }
        try action(linker, "__faasm_host_interface_test", 1) { _, arguments throws(HostTrap) in
            if arguments.u32(0) == 1 { throw HostTrap("the host error that `__faasm_host_interface_test` asks for") }
        }
        try action(linker, "__faasm_migrate_point", 2) { _, _ throws(HostTrap) in }
    }

    // MARK: Chaining

    private enum Callee: UInt8 {
        case own = 0
        case named = 1
    }

    static func defineChaining(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        try function(linker, "__faasm_chain_name", 3) { session, arguments throws(HostTrap) in
            let name = try session.text(arguments.u32(0))
            return try chain(session, .named, name, entry: "", arguments.u32(1), arguments.u32(2))
        }
        try function(linker, "__faasm_chain_ptr", 3) { session, arguments throws(HostTrap) in
            try chain(session, .own, "", entry: "#\(arguments.u32(0))", arguments.u32(1), arguments.u32(2))
        }
        try function(linker, "__faasm_chain_py", 3) { _, _ throws(HostTrap) in
            throw HostTrap("`__faasm_chain_py` chains entries of Python files, and this is no Python function")
        }
        try function(linker, "__faasm_await_call", 1) { session, arguments throws(HostTrap) in
            UInt32(bitPattern: try wait(session, arguments.u32(0), output: false).code)
        }
        try function(linker, "__faasm_await_call_output", 3) { session, arguments throws(HostTrap) in
            let (code, output) = try wait(session, arguments.u32(0), output: true)
            guard let length = UInt32(exactly: output.count + 1), let address = try arguments.call("malloc", [length])
            else {
                throw HostTrap("`__faasm_await_call_output` needs `malloc`: export it (`-Wl,--export=malloc`)")
            }
            guard address != 0 else { throw HostTrap("there is no room for an output of \(output.count) bytes") }
            try session.put(output + [0], at: address)
            try session.put(address, at: arguments.u32(1))
            try session.put(length - 1, at: arguments.u32(2))
            return UInt32(bitPattern: code)
        }
    }

    private static func chain(
        _ session: Session, _ callee: Callee, _ name: String, entry: String, _ address: UInt32, _ length: UInt32
    ) throws(HostTrap) -> UInt32 {
        let input = try session.bytes(address, length, atMost: session.limits.inputBytes)
        try session.flushViews()
        return try session.request(.chain, [callee.rawValue], Array(name.utf8), Array(entry.utf8), input)
            .number(0, UInt32.self)
    }

    /// What `__faasm_await_call` returns for a call that is not known.
    private static let unknownCall: Int32 = -2

    private static func wait(
        _ session: Session, _ call: UInt32, output: Bool
    ) throws(HostTrap) -> (code: Int32, output: [UInt8]) {
        try session.flushViews()
        let noTimeout = HostFields.bytes(UInt32(0))
        switch try session.attempt(.await, [noTimeout, [output ? 1 : 0], HostFields.bytes(call)]) {
        case .success(let reply): return (try reply.number(0), try reply.bytes(1))
        case .failure(let refusal):
            guard refusal.exception == "ValueError" else { throw HostTrap(refusal.message) }
            return (unknownCall, [])
        }
    }
}
