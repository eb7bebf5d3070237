internal import Wasmtime

extension FaasmFunctions {
    /// "Try again", as WASI numbers errors.
    private static let tryAgain: UInt32 = 6
    private static let noSuchThread: UInt32 = 71
    private static let invalid: UInt32 = 28
    private static let maximumKeys = 128

    /// Threads as a program sees them that has one: what is about several succeeds at once, and no other one can be started.
    static func defineThreads(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        for (name, parameters) in succeeding {
            try function(linker, "pthread_\(name)", parameters) { _, _ throws(HostTrap) in 0 }
        }
        // What attributes say where nobody set them.
        for (name, value) in standing {
            try function(linker, "pthread_\(name)", 2) { session, arguments throws(HostTrap) in
                try session.put(value, at: arguments.u32(1))
                return 0
            }
        }
        try function(linker, "pthread_create", 4) { _, _ throws(HostTrap) in tryAgain }
        for (name, parameters) in [("join", 2), ("detach", 1)] {
            try function(linker, "pthread_\(name)", parameters) { _, _ throws(HostTrap) in noSuchThread }
        }
        try function(linker, "pthread_self", 0) { _, _ throws(HostTrap) in 1 }
        try function(linker, "pthread_equal", 2) { _, arguments throws(HostTrap) in
            arguments.u32(0) == arguments.u32(1) ? 1 : 0
        }
        try linker.define("wasi", "thread-spawn", [.i32], [.i32]) { _, arguments throws(HostTrap) in
            arguments.returns(i32: -Int32(tryAgain))
        }
        try function(linker, "pthread_once", 2) { session, arguments throws(HostTrap) in
            let (control, routine) = (arguments.u32(0), arguments.u32(1))
            let state = try session.memory.access { view throws(HostTrap) in try view.load(control, as: UInt32.self) }
            guard state == 0 else { return 0 }
            try session.put(UInt32(1), at: control)
            guard try arguments.call(tableElement: routine, []) != nil else {
                throw HostTrap("`pthread_once` needs the function table: export it (`-Wl,--export-table`)")
            }
            return 0
        }
        try defineKeys(linker)
    }

    private static let succeeding = [
        ("mutex_init", 2), ("mutex_lock", 1), ("mutex_trylock", 1), ("mutex_timedlock", 2), ("mutex_unlock", 1),
        ("mutex_consistent", 1), ("mutex_destroy", 1), ("mutexattr_init", 1), ("mutexattr_settype", 2),
        ("mutexattr_setpshared", 2), ("mutexattr_setprotocol", 2), ("mutexattr_setrobust", 2),
        ("mutexattr_destroy", 1), ("cond_init", 2),
        ("cond_signal", 1), ("cond_broadcast", 1), ("cond_wait", 2), ("cond_timedwait", 3), ("cond_destroy", 1),
        ("condattr_init", 1), ("condattr_setclock", 2), ("condattr_setpshared", 2), ("condattr_destroy", 1),
        ("attr_init", 1), ("attr_destroy", 1), ("attr_setstacksize", 2), ("attr_setdetachstate", 2),
        ("attr_setguardsize", 2), ("attr_setscope", 2), ("attr_setinheritsched", 2), ("attr_setschedpolicy", 2),
        ("attr_setschedparam", 2), ("attr_setstack", 3),
    ]

    private static let standing: [(String, UInt32)] = [
        ("mutexattr_gettype", 0), ("mutexattr_getpshared", 0), ("mutexattr_getprotocol", 0),
        ("mutexattr_getrobust", 0), ("condattr_getclock", 0), ("condattr_getpshared", 0),
        ("attr_getstacksize", 131_072), ("attr_getdetachstate", 0), ("attr_getguardsize", 0),
        ("attr_getscope", 0), ("attr_getinheritsched", 0), ("attr_getschedpolicy", 0),
    ]

    private static func defineKeys(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        try function(linker, "pthread_key_create", 2) { session, arguments throws(HostTrap) in
            let program = try session.program.orTrap()
            guard program.threadValues.count < maximumKeys else { return tryAgain }
            program.threadValues.append(0)
            try session.put(UInt32(program.threadValues.count), at: arguments.u32(0))
            return 0
        }
        try function(linker, "pthread_key_delete", 1) { _, _ throws(HostTrap) in 0 }
        try function(linker, "pthread_getspecific", 1) { session, arguments throws(HostTrap) in
            let (program, index) = (try session.program.orTrap(), Int(arguments.u32(0)) - 1)
            return program.threadValues.indices.contains(index) ? program.threadValues[index] : 0
        }
        try function(linker, "pthread_setspecific", 2) { session, arguments throws(HostTrap) in
            let (program, index) = (try session.program.orTrap(), Int(arguments.u32(0)) - 1)
            guard program.threadValues.indices.contains(index) else { return invalid }
            program.threadValues[index] = arguments.u32(1)
            return 0
        }
    }
}
