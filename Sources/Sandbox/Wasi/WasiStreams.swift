internal import Model
internal import Wasmtime

extension WasiFunctions {
    /// Reading and writing by descriptor: the standard streams, and open files.
    static func defineStreams(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        try function(linker, "fd_write", [.i32, .i32, .i32, .i32]) { session, view, arguments throws(WasiFailure) in
            let buffers = try view.buffers(arguments.u32(1), arguments.u32(2))
            try view.put(UInt32(try write(session, arguments.u32(0), buffers, at: nil)), arguments.u32(3))
        }
        try function(linker, "fd_pwrite", [.i32, .i32, .i32, .i64, .i32]) {
            session, view, arguments throws(WasiFailure) in
            let buffers = try view.buffers(arguments.u32(1), arguments.u32(2))
            let written = try write(session, arguments.u32(0), buffers, at: position(arguments.i64(3)))
            try view.put(UInt32(written), arguments.u32(4))
        }
        try function(linker, "fd_read", [.i32, .i32, .i32, .i32]) { session, view, arguments throws(WasiFailure) in
            let buffers = try view.buffers(arguments.u32(1), arguments.u32(2))
            try view.put(UInt32(try read(session, arguments.u32(0), buffers, at: nil)), arguments.u32(3))
        }
        try function(linker, "fd_pread", [.i32, .i32, .i32, .i64, .i32]) {
            session, view, arguments throws(WasiFailure) in
            let buffers = try view.buffers(arguments.u32(1), arguments.u32(2))
            let count = try read(session, arguments.u32(0), buffers, at: position(arguments.i64(3)))
            try view.put(UInt32(count), arguments.u32(4))
        }
    }

    private static func position(_ offset: Int64) throws(WasiFailure) -> Int {
        guard offset >= 0 else { throw .errno(.inval) }
        return Int(offset)
    }

    private static func write(
        _ session: Session, _ descriptor: UInt32, _ buffers: [UnsafeMutableRawBufferPointer], at position: Int?
    ) throws(WasiFailure) -> Int {
        if let stream = stream(descriptor) {
            guard position == nil else { throw .errno(.spipe) }
            let now = Clock.timestamp()
            for buffer in buffers { session.log.write(UnsafeRawBufferPointer(buffer), to: stream, now: now) }
            if session.log.hasNew { session.showPrinted(at: Clock.monotonicNanoseconds()) }
            return buffers.reduce(0) { $0 + $1.count }
        }
        guard descriptor != 0 else { throw .errno(.badf) }
        return try wasi { () throws(Errno) in
            var file = try session.files.file(descriptor)
            guard file.mayWrite else { throw .badf }
            var offset = position ?? file.offset
            if file.appends { offset = Int(session.files.status(of: file.place).size) }
            var written = 0
            for buffer in buffers {
                try session.files.write(UnsafeRawBufferPointer(buffer), to: file, at: offset + written)
                written += buffer.count
            }
            if position == nil {
                file.offset = offset + written
                session.files.update(descriptor, file)
            }
            return written
        }
    }

    private static func read(
        _ session: Session, _ descriptor: UInt32, _ buffers: [UnsafeMutableRawBufferPointer], at position: Int?
    ) throws(WasiFailure) -> Int {
        if descriptor == 0 {
            guard position == nil else { throw .errno(.spipe) }
            return session.program?.readStandardInput(into: buffers) ?? 0  // that of Python is empty
        }
        guard stream(descriptor) == nil, session.files.preopen(descriptor) == nil else { throw .errno(.badf) }
        return try wasi { () throws(Errno) in
            var file = try session.files.file(descriptor)
            let offset = position ?? file.offset
            let count = try session.files.read(file, from: offset) { source in
                fill(buffers, from: source)
            }
            if position == nil {
                file.offset = offset + count
                session.files.update(descriptor, file)
            }
            return count
        }
    }

    /// Fills buffers one after the other; returns how many bytes there were.
    static func fill(_ buffers: [UnsafeMutableRawBufferPointer], from source: UnsafeRawBufferPointer) -> Int {
        var done = 0
        for buffer in buffers {
            let part = UnsafeRawBufferPointer(rebasing: source[done..<min(done + buffer.count, source.count)])
            buffer.copyMemory(from: part)
            done += part.count
        }
        return done
    }

    static func stream(_ descriptor: UInt32) -> LogStream? {
        switch descriptor {
        case 1: .stdout
        case 2: .stderr
        default: nil
        }
    }
}
