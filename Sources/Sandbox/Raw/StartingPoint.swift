internal import Wasmtime

/// What calls of a module with a hook begin with: its memory and variables as the hook left them.
///
/// In a file of compiled code, from a whole page on; all numbers are little-endian:
///
///     0 memory's size (u64) · 8 the break and the end of its room (2 × u32, 0: none) · 16 count of thread values, of variables, of
///     runs (3 × u32) · 28 zero (u32) · the thread values (u32 each) · the variables (kind u64, bits 2 × u64) · the runs (first page,
///     page count: 2 × u32) · zeros up to a whole page · the pages of all runs
struct StartingPoint: Equatable {
    static let fixedBytes = 32

    var memoryBytes: Int
    var programBreak: (current: UInt32, end: UInt32)?
    var threadValues: [UInt32]
    /// In the order of the module's.
    var globals: [GlobalValue]
    /// The pages that are not zero, or were not before the hook ran.
    var runs: [ImageHeader.Run]

    static func == (left: Self, right: Self) -> Bool {
        left.encoded == right.encoded
    }

    /// The size of what is before the pages, in whole pages.
    var headBytes: Int {
        let bytes = Self.fixedBytes + 4 * threadValues.count + 24 * globals.count + 8 * runs.count
        return Page.count(bytes) * Page.bytes
    }

    var pageCount: Int { runs.reduce(0) { $0 + $1.pageCount } }

    /// What is before the pages.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
        append(UInt64(memoryBytes))
        append(programBreak?.current ?? 0)
        append(programBreak?.end ?? 0)
        for count in [threadValues.count, globals.count, runs.count, 0] { append(UInt32(count)) }
        threadValues.forEach(append)
        for global in globals {
            append(UInt64(global.kind))
            append(global.bits.0)
            append(global.bits.1)
        }
        for run in runs {
            append(UInt32(run.firstPage))
            append(UInt32(run.pageCount))
        }
        return bytes + [UInt8](repeating: 0, count: headBytes - bytes.count)
    }

    init(
        memoryBytes: Int, programBreak: (current: UInt32, end: UInt32)?, threadValues: [UInt32], globals: [GlobalValue],
        runs: [ImageHeader.Run]
    ) {
        self.memoryBytes = memoryBytes
        self.programBreak = programBreak
        self.threadValues = threadValues
        self.globals = globals
        self.runs = runs
    }

    /// Reads and checks a part of a file.
    init(parsing part: UnsafeRawBufferPointer) throws(ImageError) {
        let refusal = ImageError("what calls begin with is cut off or damaged")
        var offset = 0
        func next<Value: FixedWidthInteger>(_: Value.Type) throws(ImageError) -> Value {
            let size = MemoryLayout<Value>.size
            guard part.count - offset >= size else { throw refusal }
            defer { offset += size }
            return Value(littleEndian: part.loadUnaligned(fromByteOffset: offset, as: Value.self))
        }
        let size = try next(UInt64.self)
        guard size > 0, size <= 4 << 30, size % ModuleOutline.pageBytes == 0 else { throw refusal }
        memoryBytes = Int(size)
        let (current, end) = (try next(UInt32.self), try next(UInt32.self))
        programBreak = end == 0 ? nil : (current, end)
        let counts = [Int(try next(UInt32.self)), Int(try next(UInt32.self)), Int(try next(UInt32.self))]
        _ = try next(UInt32.self)
        guard counts.allSatisfy({ $0 <= part.count / 4 }) else { throw refusal }
        threadValues = []
        for _ in 0..<counts[0] { threadValues.append(try next(UInt32.self)) }
        globals = []
        for _ in 0..<counts[1] {
            let kind = try next(UInt64.self)
            guard let value = GlobalValue(kind: kind, bits: (try next(UInt64.self), try next(UInt64.self))) else {
                throw refusal
            }
            globals.append(value)
        }
        runs = []
        var nextPage = 0
        for _ in 0..<counts[2] {
            let run = ImageHeader.Run(firstPage: Int(try next(UInt32.self)), pageCount: Int(try next(UInt32.self)))
            guard run.pageCount > 0, run.firstPage >= nextPage,
                run.firstPage + run.pageCount <= memoryBytes / Page.bytes
            else { throw refusal }
            nextPage = run.firstPage + run.pageCount
            runs.append(run)
        }
        guard part.count == headBytes + pageCount * Page.bytes else { throw refusal }
    }
}
