internal import Wasmtime

extension WasiFunctions {
    /// What can be asked and changed of an open descriptor.
    static func defineFiles(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        try function(linker, "fd_close", [.i32]) { session, _, arguments throws(WasiFailure) in
            let descriptor = arguments.u32(0)
            guard descriptor > 2 else { return }  // the streams stay, whatever the guest believes
            try wasi { () throws(Errno) in try session.files.close(descriptor) }
        }
        try function(linker, "fd_renumber", [.i32, .i32]) { session, _, arguments throws(WasiFailure) in
            let (from, to) = (arguments.u32(0), arguments.u32(1))
            try wasi { () throws(Errno) in try session.files.renumber(from, to: to) }
        }
        try function(linker, "fd_seek", [.i32, .i64, .i32, .i32]) { session, view, arguments throws(WasiFailure) in
            let (descriptor, delta, whence) = (arguments.u32(0), arguments.i64(1), arguments.u32(2))
            guard descriptor > 2 else { throw .errno(.spipe) }
            let offset = try wasi { () throws(Errno) in try seek(session, descriptor, delta, whence) }
            try view.put(UInt64(offset), arguments.u32(3))
        }
        try function(linker, "fd_tell", [.i32, .i32]) { session, view, arguments throws(WasiFailure) in
            let descriptor = arguments.u32(0)
            guard descriptor > 2 else { throw .errno(.spipe) }
            let file = try wasi { () throws(Errno) in try session.files.file(descriptor) }
            try view.put(UInt64(file.offset), arguments.u32(1))
        }
        try defineStatus(linker)
        try definePreopens(linker)
        try defineSynchronisation(linker)
        try function(linker, "fd_readdir", [.i32, .i32, .i32, .i64, .i32]) {
            session, view, arguments throws(WasiFailure) in
            let descriptor = arguments.u32(0)
            let target = try view.range(arguments.u32(1), arguments.u32(2))
            let entries = try wasi { () throws(Errno) in try session.files.entries(session.files.file(descriptor)) }
            try view.put(UInt32(list(entries, from: arguments.u64(3), into: target)), arguments.u32(4))
        }
    }

    private static func seek(
        _ session: Session, _ descriptor: UInt32, _ delta: Int64, _ whence: UInt32
    ) throws(Errno) -> Int {
        var file = try session.files.file(descriptor)
        guard session.files.preopen(descriptor) == nil else { throw .badf }
        let start: Int
        switch whence {
        case 0: start = 0
        case 1: start = file.offset
        case 2: start = Int(session.files.status(of: file.place).size)
        default: throw .inval
        }
        let (offset, overflow) = start.addingReportingOverflow(Int(delta))
        guard !overflow, offset >= 0 else { throw .inval }
        file.offset = offset
        session.files.update(descriptor, file)
        return offset
    }

    private static func defineStatus(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        try function(linker, "fd_filestat_get", [.i32, .i32]) { session, view, arguments throws(WasiFailure) in
            let status = try status(session, arguments.u32(0))
            do throws(HostTrap) { try status.store(view, arguments.u32(1)) } catch { throw .trap(error) }
        }
        try function(linker, "fd_fdstat_get", [.i32, .i32]) { session, view, arguments throws(WasiFailure) in
            let descriptor = arguments.u32(0)
            let type = try status(session, descriptor).type
            let appends = descriptor > 3 ? (try? session.files.file(descriptor).appends) ?? false : false
            let address = arguments.u32(1)
            let target = try view.range(address, 24)
            for index in target.indices { target[index] = 0 }
            target[0] = type.rawValue
            target.storeBytes(of: appends ? OpenFlags.append : 0, toByteOffset: 2, as: UInt16.self)
            target.storeBytes(of: UInt64.max, toByteOffset: 8, as: UInt64.self)
            target.storeBytes(of: UInt64.max, toByteOffset: 16, as: UInt64.self)
            // A stream that claims it can seek would not be taken for a terminal or pipe.
            if type == .characterDevice { target.storeBytes(of: ~UInt64(0x24), toByteOffset: 8, as: UInt64.self) }
        }
        try function(linker, "fd_fdstat_set_flags", [.i32, .i32]) { session, _, arguments throws(WasiFailure) in
            let (descriptor, flags) = (arguments.u32(0), arguments.u32(1))
            guard descriptor > 3 else { return }
            try wasi { () throws(Errno) in
                var file = try session.files.file(descriptor)
                file.appends = UInt16(truncatingIfNeeded: flags) & OpenFlags.append != 0
                session.files.update(descriptor, file)
            }
        }
        try function(linker, "fd_filestat_set_size", [.i32, .i64]) { session, _, arguments throws(WasiFailure) in
            let (descriptor, size) = (arguments.u32(0), arguments.u64(1))
            try wasi { () throws(Errno) in try session.files.truncate(session.files.file(descriptor), to: size) }
        }
        try function(linker, "fd_filestat_set_times", [.i32, .i64, .i64, .i32]) {
            session, _, arguments throws(WasiFailure) in
            let (descriptor, modified, flags) = (arguments.u32(0), arguments.u64(2), arguments.u32(3))
            guard descriptor > 2 else { return }
            try wasi { () throws(Errno) in
                try session.files.setTimes(of: session.files.file(descriptor).place, flags, modified: modified)
            }
        }
    }

    private static func status(_ session: Session, _ descriptor: UInt32) throws(WasiFailure) -> FileStatus {
        guard descriptor > 2 else { return FileStatus(inode: 0, type: .characterDevice, size: 0) }
        return try wasi { () throws(Errno) in session.files.status(of: try session.files.file(descriptor).place) }
    }

    private static func definePreopens(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        try function(linker, "fd_prestat_get", [.i32, .i32]) { session, view, arguments throws(WasiFailure) in
            guard let name = session.files.preopen(arguments.u32(0)) else { throw .errno(.badf) }
            try view.put(UInt64(name.utf8.count) << 32, arguments.u32(1))  // a directory, and the length of its name
        }
        try function(linker, "fd_prestat_dir_name", [.i32, .i32, .i32]) {
            session, view, arguments throws(WasiFailure) in
            guard let name = session.files.preopen(arguments.u32(0)) else { throw .errno(.badf) }
            guard arguments.u32(2) >= name.utf8.count else { throw .errno(.inval) }
            try view.range(arguments.u32(1), UInt32(name.utf8.count)).copyBytes(from: name.utf8)
        }
    }

    private static func defineSynchronisation(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        for name in ["fd_sync", "fd_datasync"] {
            try function(linker, name, [.i32]) { session, _, arguments throws(WasiFailure) in
                _ = try status(session, arguments.u32(0))
            }
        }
        try function(linker, "fd_advise", [.i32, .i64, .i64, .i32]) { session, _, arguments throws(WasiFailure) in
            _ = try status(session, arguments.u32(0))
        }
        try function(linker, "fd_allocate", [.i32, .i64, .i64]) { session, _, arguments throws(WasiFailure) in
            let (end, overflow) = arguments.u64(1).addingReportingOverflow(arguments.u64(2))
            guard !overflow else { throw .errno(.inval) }
            let descriptor = arguments.u32(0)
            try wasi { () throws(Errno) in try session.files.allocate(session.files.file(descriptor), end) }
        }
        try function(linker, "fd_fdstat_set_rights", [.i32, .i64, .i64]) { session, _, arguments throws(WasiFailure) in
            _ = try status(session, arguments.u32(0))
        }
    }

    /// Fills `target` with directory entries from number `cookie` on, the last one cut where it does not fit; returns the bytes used.
    private static func list(
        _ entries: [(name: String, status: FileStatus)], from cookie: UInt64, into target: UnsafeMutableRawBufferPointer
    ) -> Int {
        var used = 0
        for (index, entry) in entries.enumerated().dropFirst(Int(clamping: cookie)) {
            var bytes: [UInt8] = []
            withUnsafeBytes(of: UInt64(index + 1)) { bytes += $0 }
            withUnsafeBytes(of: entry.status.inode) { bytes += $0 }
            withUnsafeBytes(of: UInt32(entry.name.utf8.count)) { bytes += $0 }
            bytes += [entry.status.type.rawValue, 0, 0, 0]
            bytes += entry.name.utf8
            let part = bytes.prefix(target.count - used)
            UnsafeMutableRawBufferPointer(rebasing: target[used...]).copyBytes(from: part)
            used += part.count
            if used == target.count { break }
        }
        return used
    }
}
