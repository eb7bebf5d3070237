internal import Wasmtime

/// Who programs are told that they are.
enum GuestIdentity {
    static let user = "faasm"
    static let home = "/home/faasm/"
    static let number: UInt32 = 1000
    static let process: UInt32 = 23
    static let processors: UInt32 = 4
    /// The files that programs look for.
    static let files = [
        (path: "etc/hosts", content: "127.0.0.1 localhost\n"),
        (path: "etc/passwd", content: "\(user):x:\(number):\(number)::\(home):/bin/sh\n"),
        (path: "etc/resolv.conf", content: "# There is no network here.\n"),
    ]
    /// Name of the system, of the node, release, version, machine, domain: as `struct utsname` has them.
    static let system = ["Linux", "faasm", "6.0.0", "1", "wasm32", ""]
}

/// -1, as C functions fail.
private let failed = UInt32.max

extension FaasmFunctions {
    // MARK: Memory

    static func defineMemory(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        try function(linker, "__sbrk", 1) { session, arguments throws(HostTrap) in
            try moveBreak(session, by: Int32(bitPattern: arguments.u32(0)), arguments)
        }
        try linker.define(module, "mmap", [.i32, .i32, .i32, .i32, .i32, .i64], [.i32]) {
            state, arguments throws(HostTrap) in
            arguments.returns(i32: Int32(bitPattern: try map(try state.session(), arguments)))
        }
        // Room that was given out is used again by nobody.
        try function(linker, "munmap", 2) { _, _ throws(HostTrap) in 0 }
    }

    private static func moveBreak(
        _ session: Session, by increment: Int32, _ arguments: borrowing HostArguments
    ) throws(HostTrap) -> UInt32 {
        let program = try session.program.orTrap()
        let memoryEnd = UInt32(clamping: session.memory.byteCount)
        var (current, end) = program.programBreak ?? (memoryEnd, memoryEnd)
        let wanted = Int(current) + Int(increment)
        guard wanted >= 0 else { return failed }
        let previous = current
        if wanted > Int(end) {
            // Somebody else may have taken the room behind: then the break goes on behind that.
            if memoryEnd != end { return failed }
            guard let pages = arguments.growMemory(byPages: (wanted - Int(end) + 65_535) / 65_536) else {
                return failed
            }
            end = UInt32(clamping: pages * 65_536 + (wanted - Int(end) + 65_535) / 65_536 * 65_536)
        }
        current = UInt32(wanted)
        program.programBreak = (current, end)
        return previous
    }

    private static func map(_ session: Session, _ arguments: borrowing HostArguments) throws(HostTrap) -> UInt32 {
        let (length, descriptor, offset) = (Int(arguments.u32(1)), arguments.u32(4), arguments.i64(5))
        let isAnonymous = descriptor == failed || arguments.u32(3) & 0x20 != 0
        guard length > 0, offset >= 0, offset < Int64(Int32.max) else { return failed }
        var content: [UInt8] = []
        if !isAnonymous {
            let read = try session.withFiles { () throws(Errno) in
                try session.files.contents(of: session.files.file(descriptor), from: Int(offset))
            }
            guard case .success(let bytes) = read else { return failed }
            content = Array(bytes.prefix(length))
        }
        guard let pages = arguments.growMemory(byPages: (length + 65_535) / 65_536) else { return failed }
        try session.put(content, at: UInt32(pages * 65_536))
        return UInt32(pages * 65_536)
    }

    // MARK: Files

    static func defineFiles(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        try function(linker, "dup", 1) { session, arguments throws(HostTrap) in
            do throws(Errno) { return try session.files.duplicate(arguments.u32(0)) } catch { return failed }
        }
        try function(linker, "__wasi_fd_dup", 2) { session, arguments throws(HostTrap) in
            do throws(Errno) {
                let copy = try session.files.duplicate(arguments.u32(0))
                do throws(HostTrap) { try session.put(copy, at: arguments.u32(1)) } catch {
                    try session.files.close(copy)
                    throw .inval
                }
                return 0
            } catch { return UInt32(error.rawValue) }
        }
        try function(linker, "sendfile", 4) { session, arguments throws(HostTrap) in
            try send(session, arguments)
        }
        try function(linker, "tempnam", 2) { session, arguments throws(HostTrap) in
            let prefix = arguments.u32(1) == 0 ? "file" : try session.text(arguments.u32(1))
            let path = Array("/tmp/\(prefix.prefix(64))\(UInt32.random(in: .min ... .max))".utf8) + [0]
            // The caller gives it to `free`.
            guard let address = try arguments.call("malloc", [UInt32(path.count)]), address != 0 else { return 0 }
            try session.put(path, at: address)
            return address
        }
        try function(linker, "shm_open", 3) { _, _ throws(HostTrap) in failed }
    }

    private static func send(_ session: Session, _ arguments: borrowing HostArguments) throws(HostTrap) -> UInt32 {
        let (target, source, position, count) = (arguments.u32(0), arguments.u32(1), arguments.u32(2), arguments.u32(3))
        let given =
            position == 0
            ? nil
            : try session.memory.access { view throws(HostTrap) in
                try view.load(position, as: UInt64.self)
            }
        let read = try session.withFiles { () throws(Errno) in
            let file = try session.files.file(source)
            let start = given.map { Int(clamping: $0) } ?? file.offset
            return (file, start, try session.files.read(file, from: start) { Array($0.prefix(Int(count))) })
        }
        guard case .success((var file, let start, let bytes)) = read else { return failed }
        do throws(Errno) {
            try session.files.write(bytes, to: target, log: &session.log)
            if given == nil {
                file.offset = start + bytes.count
                session.files.update(source, file)
            }
            if position != 0 {
                do throws(HostTrap) { try session.put(UInt64(start + bytes.count), at: position) } catch {
                    throw .inval
                }
            }
            return UInt32(bytes.count)
        } catch { return failed }
    }

    // MARK: Identity

    static func defineIdentity(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        try function(linker, "getpid", 0) { _, _ throws(HostTrap) in GuestIdentity.process }
        try function(linker, "__tless_is_enabled", 0) { _, _ throws(HostTrap) in 0 }
        try function(linker, "signal", 2) { _, _ throws(HostTrap) in 0 }
        try function(linker, "getrlimit", 2) { session, arguments throws(HostTrap) in
            try session.put([UInt8](repeating: 0xFF, count: 16), at: arguments.u32(1))  // no limit, twice
            return 0
        }
        try function(linker, "sysconf", 1) { _, arguments throws(HostTrap) in
            switch arguments.u32(0) {
            case 30: 65_536  // the size of a page
            case 83, 84: GuestIdentity.processors
            default: failed
            }
        }
        try function(linker, "uname", 1) { session, arguments throws(HostTrap) in
            var record: [UInt8] = []
            for text in GuestIdentity.system {
                record += Array(text.utf8) + [UInt8](repeating: 0, count: 65 - text.utf8.count)
            }
            try session.put(record, at: arguments.u32(0))
            return 0
        }
        for name in ["getpwnam", "getpwuid"] {
            try function(linker, name, 1) { session, arguments throws(HostTrap) in
                let isOurs =
                    name == "getpwuid"
                    ? arguments.u32(0) == GuestIdentity.number
                    : try session.text(arguments.u32(0)) == GuestIdentity.user
                return isOurs ? try userRecord(session, arguments) : 0
            }
        }
    }

    /// `struct passwd`: name, password, user, group, remark, home, shell.
    private static func userRecord(
        _ session: Session, _ arguments: borrowing HostArguments
    ) throws(HostTrap) -> UInt32 {
        let program = try session.program.orTrap()
        if let record = program.userRecord { return record }
        let texts = [GuestIdentity.user, "x", "", GuestIdentity.home, "/bin/sh"]
        let address = try session.newRoom(28 + texts.reduce(0) { $0 + $1.utf8.count + 1 }, arguments)
        var addresses: [UInt32] = []
        var next = address + 28
        for text in texts {
            try session.put(Array(text.utf8) + [0], at: next)
            addresses.append(next)
            next += UInt32(text.utf8.count + 1)
        }
        let words = [addresses[0], addresses[1], GuestIdentity.number, GuestIdentity.number] + addresses[2...]
        for (index, word) in words.enumerated() { try session.put(word, at: address + UInt32(index) * 4) }
        program.userRecord = address
        return address
    }
}
