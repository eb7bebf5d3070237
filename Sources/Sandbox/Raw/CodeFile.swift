/// The head of a file of compiled code: what must be known before the code is handed to the library.
///
///     0 magic · 8 version · 12 entry · 16 compiler (32 bytes) · 48 memory's first size · 56 length of the list of unknown
///     imports · 60 what becomes of a hook · 64 length of the code · 72 checksum · 80 unknown imports, a line each · code · from a
///     whole page on, where calls begin, if the hook's work was kept (``StartingPoint``)
public struct CodeFile: Equatable, Sendable {
    /// How a function is entered.
    enum Entry: UInt32, Sendable {
        /// `_start`, of a WASI command.
        case start
        /// `main` without parameters, and with `argc` and `argv`.
        case main, mainWithArguments
    }

    public static let magic = Array("SWFTCODE".utf8)
    /// What becomes of `_faasm_zygote`, which prepares what calls start from.
    enum Hook: UInt32, Sendable {
        case none
        /// What it left is in the file.
        case kept
        /// It is run in each call, for it leaves things that are not kept.
        case repeated
    }

    static let version: UInt32 = 2
    static let checksumOffset = 72
    static let fixedBytes = 80

    var entry: Entry
    /// What the code depends on beside the module: 32 bytes, see `CompiledCode` of the server.
    public var compiler: [UInt8]
    var memoryBytes: Int
    var hook: Hook
    /// Imports that do not exist here, as `module.name`; a call of one traps.
    public var unknownImports: [String]
    /// Where the code is in the file.
    var code: Range<Int>
    /// Where calls begin; nil where no hook's work was kept.
    var start: StartingPoint?

    /// Whether a hook is run in each call.
    public var repeatsHook: Bool { hook == .repeated }

    /// Where the part about that is in the file.
    private var startOffset: Int { Page.count(code.upperBound) * Page.bytes }

    /// Where its pages are in the file.
    var pagesOffset: Int { startOffset + (start?.headBytes ?? 0) }

    /// Whether a file begins as one of compiled code.
    public static func isOne(_ file: UnsafeRawBufferPointer) -> Bool { file.prefix(8).elementsEqual(magic) }

    /// Reads and checks a whole file; the sentence says what is wrong with it.
    public init(parsing file: UnsafeRawBufferPointer) throws(ImageError) {
        func number<Value: FixedWidthInteger>(_ offset: Int, _: Value.Type) -> Value {
            Value(littleEndian: file.loadUnaligned(fromByteOffset: offset, as: Value.self))
        }
        guard file.count >= Self.fixedBytes, Self.isOne(file) else {
            throw ImageError("this is no file of compiled code")
        }
        guard number(8, UInt32.self) == Self.version, let entry = Entry(rawValue: number(12, UInt32.self)) else {
            throw ImageError("the compiled code has another format version")
        }
        self.entry = entry
        compiler = Array(file[16..<48])
        let memory = number(48, UInt64.self)
        guard memory > 0, memory <= 4 << 30, memory % ModuleOutline.pageBytes == 0 else {
            throw ImageError("the size of the memory is impossible")
        }
        memoryBytes = Int(memory)
        guard let hook = Hook(rawValue: number(60, UInt32.self)) else {
            throw ImageError("the compiled code has an unknown hook")
        }
        self.hook = hook
        let names = Int(number(56, UInt32.self))
        let length = number(64, UInt64.self)
        guard names <= file.count - Self.fixedBytes, length <= UInt64(file.count - Self.fixedBytes - names), length > 0
        else { throw ImageError("the compiled code is cut off") }
        let list = file[Self.fixedBytes..<Self.fixedBytes + names]
        unknownImports = String(decoding: list, as: UTF8.self).split(separator: "\n").map(String.init)
        code = (Self.fixedBytes + names)..<(Self.fixedBytes + names + Int(length))
        guard Self.checksum(of: file) == number(Self.checksumOffset, UInt64.self) else {
            throw ImageError("the compiled code is damaged: its checksum differs")
        }
        guard hook == .kept else {
            guard code.upperBound == file.count else { throw ImageError("there is something behind the compiled code") }
            return
        }
        guard startOffset <= file.count else { throw ImageError("the compiled code is cut off") }
        let start = try StartingPoint(parsing: UnsafeRawBufferPointer(rebasing: file[startOffset...]))
        guard start.memoryBytes >= memoryBytes else { throw ImageError("the size of the memory is impossible") }
        self.start = start
    }

    static func checksum(of file: UnsafeRawBufferPointer) -> UInt64 {
        let head = Checksum.of(UnsafeRawBufferPointer(rebasing: file[..<checksumOffset]), seed: 2)
        return Checksum.of(UnsafeRawBufferPointer(rebasing: file[fixedBytes...]), seed: head)
    }

    /// A whole file.
    static func encode(
        _ entry: Entry, compiler: [UInt8], memoryBytes: Int, hook: HookResult? = nil, unknownImports: [String],
        code: UnsafeRawBufferPointer
    ) -> [UInt8] {
        let names = Array(unknownImports.joined(separator: "\n").utf8)
        var bytes = magic
        bytes.reserveCapacity(fixedBytes + names.count + code.count)
        func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
        append(version)
        append(entry.rawValue)
        bytes += compiler
        append(UInt64(memoryBytes))
        append(UInt32(names.count))
        let kind: Hook =
            switch hook {
            case nil: .none
            case .kept: .kept
            case .repeated: .repeated
            }
        append(kind.rawValue)
        append(UInt64(code.count))
        append(UInt64(0))
        bytes += names
        bytes += code
        if case .kept(let start, let pages) = hook {
            bytes += [UInt8](repeating: 0, count: Page.count(bytes.count) * Page.bytes - bytes.count)
            bytes += start.encoded
            bytes += pages
        }
        let checksum = bytes.withUnsafeBytes { Self.checksum(of: $0) }
        let sum = withUnsafeBytes(of: checksum.littleEndian) { Array($0) }
        bytes.replaceSubrange(checksumOffset..<fixedBytes, with: sum)
        return bytes
    }
}
