/// The head of a file of compiled code: what must be known before the code is handed to the library.
///
///     0 magic · 8 version · 12 entry · 16 compiler (32 bytes) · 48 memory's first size · 56 length of the list of unknown
///     imports · 60 whether there is a hook · 64 length of the code · 72 checksum · 80 unknown imports, a line each · code
public struct CodeFile: Equatable, Sendable {
    /// How a function is entered.
    enum Entry: UInt32, Sendable {
        /// `_start`, of a WASI command.
        case start
        /// `main` without parameters, and with `argc` and `argv`.
        case main, mainWithArguments
    }

    public static let magic = Array("SWFTCODE".utf8)
    static let version: UInt32 = 1
    static let checksumOffset = 72
    static let fixedBytes = 80

    var entry: Entry
    /// What the code depends on beside the module: 32 bytes, see `CompiledCode` of the server.
    public var compiler: [UInt8]
    var memoryBytes: Int
    /// Whether `_faasm_zygote` prepares the memory that calls start from.
    var hasHook: Bool
    /// Imports that do not exist here, as `module.name`; a call of one traps.
    public var unknownImports: [String]
    /// Where the code is in the file.
    var code: Range<Int>

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
        hasHook = number(60, UInt32.self) != 0
        let names = Int(number(56, UInt32.self))
        let length = number(64, UInt64.self)
        guard names <= file.count - Self.fixedBytes, length == UInt64(file.count - Self.fixedBytes - names), length > 0
        else { throw ImageError("the compiled code is cut off") }
        let list = file[Self.fixedBytes..<Self.fixedBytes + names]
        unknownImports = String(decoding: list, as: UTF8.self).split(separator: "\n").map(String.init)
        code = (Self.fixedBytes + names)..<file.count
        guard Self.checksum(of: file) == number(Self.checksumOffset, UInt64.self) else {
            throw ImageError("the compiled code is damaged: its checksum differs")
        }
    }

    static func checksum(of file: UnsafeRawBufferPointer) -> UInt64 {
        let head = Checksum.of(UnsafeRawBufferPointer(rebasing: file[..<checksumOffset]), seed: 2)
        return Checksum.of(UnsafeRawBufferPointer(rebasing: file[fixedBytes...]), seed: head)
    }

    /// A whole file.
    static func encode(
        _ entry: Entry, compiler: [UInt8], memoryBytes: Int, hasHook: Bool = false, unknownImports: [String],
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
        append(UInt32(hasHook ? 1 : 0))
        append(UInt64(code.count))
        append(UInt64(0))
        bytes += names
        bytes += code
        let checksum = bytes.withUnsafeBytes { Self.checksum(of: $0) }
        let sum = withUnsafeBytes(of: checksum.littleEndian) { Array($0) }
        bytes.replaceSubrange(checksumOffset..<fixedBytes, with: sum)
        return bytes
    }
}
