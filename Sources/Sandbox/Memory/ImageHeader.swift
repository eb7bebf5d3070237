internal import Wasmtime

/// What an image file begins with. All numbers are little-endian.
///
///     0  magic "SWIMAGE\0"          64 run count (u32)
///     8  format version (u32)       68 bytes of the source's part (u32)
///    12  page size (u32)            72 interrupt cells (4 × u32)
///    16  interpreter (32 bytes)     88 checksum of all but itself (u64)
///    48  checksum of the base,      96 runs: first page (u32), page count (u32), ascending
///        0 in a base (u64)              zeros up to a whole page
///    56  memory size (u64)             the pages of all runs
///                                      the module's source, see ``SourceFile``; zeros up to a whole page
public struct ImageHeader: Equatable, Sendable {
    static let magic: [UInt8] = Array("SWIMAGE\0".utf8)
    static let version: UInt32 = 2
    static let checksumOffset = 88
    static let fixedBytes = 96

    /// Pages that follow one another.
    public struct Run: Equatable, Sendable {
        public var firstPage: Int
        public var pageCount: Int
    }

    /// SHA-256 of the interpreter and its library: images of another interpreter are of no use.
    public var interpreter: [UInt8]
    /// The checksum of the base image that this is a difference to; 0 in a base.
    public var baseChecksum: UInt64
    public var memoryBytes: Int
    public var interruptCells: InterruptCells
    public var runs: [Run]
    /// What the module's source takes behind the pages; 0: there is none.
    var sourceBytes: Int
    public var checksum: UInt64

    /// The size of the header with its runs, in whole pages.
    var headerBytes: Int { Page.count(Self.fixedBytes + 8 * runs.count) * Page.bytes }

    /// The pages that the file holds.
    var pageCount: Int { runs.reduce(0) { $0 + $1.pageCount } }

    /// Where the module's source is in the file.
    var source: Range<Int> {
        let start = headerBytes + pageCount * Page.bytes
        return start..<start + sourceBytes
    }

    /// The size of the file.
    var fileBytes: Int { source.lowerBound + Page.count(sourceBytes) * Page.bytes }

    /// Reads and checks the header of an image file that is `file` bytes long; the sentence says what is wrong with it.
    public init(parsing file: UnsafeRawBufferPointer) throws(ImageError) {
        func number<Value: FixedWidthInteger>(_ offset: Int, _: Value.Type) -> Value {
            Value(littleEndian: file.loadUnaligned(fromByteOffset: offset, as: Value.self))
        }
        guard file.count >= Page.bytes, file.count % Page.bytes == 0, file.prefix(8).elementsEqual(Self.magic) else {
            throw ImageError("this is no image file")
        }
        guard number(8, UInt32.self) == Self.version, number(12, UInt32.self) == Page.bytes else {
            throw ImageError("the image has another format version or page size")
        }
        interpreter = Array(file[16..<48])
        baseChecksum = number(48, UInt64.self)
        let memory = number(56, UInt64.self)
        guard memory > 0, memory <= 4 << 30, memory % 65536 == 0 else {
            throw ImageError("the image's memory size is impossible")
        }
        memoryBytes = Int(memory)
        interruptCells = InterruptCells(
            evalBreaker: number(72, UInt32.self), evalBreakerBit: number(76, UInt32.self),
            signalTripped: number(80, UInt32.self), anyTripped: number(84, UInt32.self))
        sourceBytes = Int(number(68, UInt32.self))
        checksum = number(88, UInt64.self)
        let runCount = Int(number(64, UInt32.self))
        guard runCount <= (file.count - Self.fixedBytes) / 8 else { throw ImageError("the image is cut off") }
        var parsed: [Run] = []
        parsed.reserveCapacity(runCount)
        var nextPage = 0
        for index in 0..<runCount {
            let run = Run(
                firstPage: Int(number(Self.fixedBytes + 8 * index, UInt32.self)),
                pageCount: Int(number(Self.fixedBytes + 8 * index + 4, UInt32.self)))
            guard run.pageCount > 0, run.firstPage >= nextPage,
                run.firstPage + run.pageCount <= memoryBytes / Page.bytes
            else {
                throw ImageError("the image's list of pages is not in order")
            }
            nextPage = run.firstPage + run.pageCount
            parsed.append(run)
        }
        runs = parsed
        guard interruptCells.areInside(memoryBytes), file.count == fileBytes else {
            throw ImageError("the image's size does not fit its list of pages")
        }
        guard Checksum.ofImage(file) == checksum else {
            throw ImageError("the image is damaged: its checksum differs")
        }
    }

    init(
        interpreter: [UInt8], baseChecksum: UInt64, memoryBytes: Int, interruptCells: InterruptCells, runs: [Run],
        sourceBytes: Int = 0
    ) {
        self.interpreter = interpreter
        self.baseChecksum = baseChecksum
        self.memoryBytes = memoryBytes
        self.interruptCells = interruptCells
        self.runs = runs
        self.sourceBytes = sourceBytes
        checksum = 0
    }

    /// The header of an image that equals its base, which this is the header of.
    var withoutDifferences: ImageHeader {
        ImageHeader(
            interpreter: interpreter, baseChecksum: checksum, memoryBytes: memoryBytes, interruptCells: interruptCells,
            runs: [])
    }

    /// The header's bytes up to the first page; its checksum is still 0, see ``Checksum``.
    func encoded() -> [UInt8] {
        var bytes = Self.magic
        func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
        append(Self.version)
        append(UInt32(Page.bytes))
        bytes += interpreter
        append(baseChecksum)
        append(UInt64(memoryBytes))
        append(UInt32(runs.count))
        append(UInt32(sourceBytes))
        append(interruptCells.evalBreaker)
        append(interruptCells.evalBreakerBit)
        append(interruptCells.signalTripped)
        append(interruptCells.anyTripped)
        append(checksum)
        for run in runs {
            append(UInt32(run.firstPage))
            append(UInt32(run.pageCount))
        }
        bytes += [UInt8](repeating: 0, count: headerBytes - bytes.count)
        return bytes
    }
}

/// Why an image file cannot be used.
public struct ImageError: Error, Equatable, Sendable {
    public let message: String
    init(_ message: String) { self.message = message }
}

/// Where the interpreter looks for pending signals; see `guest/src/reactor.c`.
public struct InterruptCells: Equatable, Sendable {
    public var evalBreaker: UInt32
    public var evalBreakerBit: UInt32
    public var signalTripped: UInt32
    public var anyTripped: UInt32

    func areInside(_ memoryBytes: Int) -> Bool {
        [evalBreaker, signalTripped, anyTripped].allSatisfy { Int($0) + 4 <= memoryBytes }
    }

    /// Makes Python raise the alarm signal where it stands. To be repeated: the interpreter may be writing the same word.
    func trip(_ view: GuestView) throws(HostTrap) {
        try view.store(UInt32(1), signalTripped)
        try view.store(UInt32(1), anyTripped)
        try view.store(view.load(evalBreaker, as: UInt32.self) | evalBreakerBit, evalBreaker)
    }
}

/// Finds damage, not malice: who may write image files is trusted.
enum Checksum {
    /// The checksum of an image file: of what is before its place in the header, and of what is behind.
    static func ofImage(_ file: UnsafeRawBufferPointer) -> UInt64 {
        let head = of(UnsafeRawBufferPointer(rebasing: file[..<ImageHeader.checksumOffset]), seed: 1)
        return of(UnsafeRawBufferPointer(rebasing: file[ImageHeader.fixedBytes...]), seed: head)
    }

    static func of(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        var lanes: (UInt64, UInt64, UInt64, UInt64) = (
            0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, seed
        )
        let prime: UInt64 = 0x9FB2_1C65_1E98_DF25
        var offset = 0
        let whole = bytes.count & ~31
        while offset < whole {
            lanes.0 = (lanes.0 ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* prime
            lanes.1 = (lanes.1 ^ bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)) &* prime
            lanes.2 = (lanes.2 ^ bytes.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self)) &* prime
            lanes.3 = (lanes.3 ^ bytes.loadUnaligned(fromByteOffset: offset + 24, as: UInt64.self)) &* prime
            offset += 32
        }
        for byte in bytes[whole...] { lanes.0 = (lanes.0 ^ UInt64(byte)) &* prime }
        var result = UInt64(bytes.count)
        for lane in [lanes.0, lanes.1, lanes.2, lanes.3] { result = (result ^ lane ^ (lane >> 29)) &* prime }
        return result ^ (result >> 32)
    }
}
