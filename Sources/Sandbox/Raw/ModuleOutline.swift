/// What a binary module says of its own size: read before the compiler sees it.
///
/// Only what is counted here is looked at; whether the module is valid is the compiler's question.
struct ModuleOutline: Equatable {
    /// The most that modules may have of each.
    static let maximumModuleBytes = 256 << 20
    static let maximumFunctions: UInt64 = 200_000
    static let maximumTableElements: UInt64 = 1 << 20
    static let pageBytes: UInt64 = 65_536

    var functionCount: UInt64 = 0
    /// The least elements of each table; a table with initial values, which is written in another way, is left out.
    var tableElements: [UInt64] = []
    /// The least and the most pages of the memory; nil where the module has none of its own.
    var memory: (minimum: UInt64, maximum: UInt64?)?

    static func == (left: Self, right: Self) -> Bool {
        left.functionCount == right.functionCount && left.tableElements == right.tableElements
            && left.memory?.minimum == right.memory?.minimum && left.memory?.maximum == right.memory?.maximum
    }

    /// Reads a module; the sentence of the error is for who wrote it.
    init(parsing module: UnsafeRawBufferPointer) throws(ModuleRefusal) {
        guard module.count <= Self.maximumModuleBytes else {
            throw ModuleRefusal("the module is longer than \(Self.maximumModuleBytes >> 20) MiB")
        }
        guard module.prefix(4).elementsEqual([0, 0x61, 0x73, 0x6D]) else {
            throw ModuleRefusal("this is no WebAssembly module: it does not begin as one")
        }
        guard module.dropFirst(4).prefix(4).elementsEqual([1, 0, 0, 0]) else {
            throw ModuleRefusal("this is no WebAssembly module of version 1; components are not run")
        }
        var reader = LEBReader(module, from: 8)
        while !reader.isAtEnd {
            let id = try reader.byte()
            var section = try reader.slice(try reader.number())
            switch id {
            case 3: functionCount = try section.number()
            case 4: try readTables(&section)
            case 5: try readMemories(&section)
            default: break
            }
        }
    }

    private mutating func readTables(_ section: inout LEBReader) throws(ModuleRefusal) {
        for _ in 0..<(try section.number()) {
            switch try section.byte() {
            case 0x40: return
            case 0x63, 0x64: _ = try section.number()  // a reference to a type by its number
            default: break
            }
            tableElements.append(try section.limits().minimum)
        }
    }

    private mutating func readMemories(_ section: inout LEBReader) throws(ModuleRefusal) {
        guard try section.number() > 0 else { return }
        memory = try section.limits()
    }

    /// Refuses what is too large to run.
    func check(maximumMemoryBytes: Int) throws(ModuleRefusal) {
        guard functionCount <= Self.maximumFunctions else {
            throw ModuleRefusal(
                "the module has \(functionCount) functions, but at most \(Self.maximumFunctions) are run")
        }
        if let elements = tableElements.first(where: { $0 > Self.maximumTableElements }) {
            throw ModuleRefusal(
                "the module has a table of \(elements) elements, but at most \(Self.maximumTableElements) are allowed")
        }
        guard let memory, memory.minimum > 0 else { throw ModuleRefusal("the module has no memory of its own") }
        guard memory.minimum <= UInt64(maximumMemoryBytes) / Self.pageBytes else {
            let (bytes, _) = memory.minimum.multipliedReportingOverflow(by: Self.pageBytes)
            throw ModuleRefusal(
                "the module's memory begins with \(bytes >> 20) MiB, but its limit is \(maximumMemoryBytes >> 20) MiB")
        }
    }
}

/// Why a module is not run: a sentence for who wrote it.
public struct ModuleRefusal: Error, Hashable, Sendable {
    public let message: String
    public init(_ message: String) { self.message = message }
}

/// Reads numbers of variable length (LEB128), as binary modules have them.
struct LEBReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var position: Int

    init(_ bytes: UnsafeRawBufferPointer, from position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    var isAtEnd: Bool { position >= bytes.count }

    mutating func byte() throws(ModuleRefusal) -> UInt8 {
        guard !isAtEnd else { throw ModuleRefusal("the module is cut off") }
        defer { position += 1 }
        return bytes[position]
    }

    /// An unsigned number of up to 64 bits.
    mutating func number() throws(ModuleRefusal) -> UInt64 {
        var result: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            let byte = try byte()
            result |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return result }
        }
        throw ModuleRefusal("the module has a number that is too long")
    }

    /// The least and the most of a table or memory.
    mutating func limits() throws(ModuleRefusal) -> (minimum: UInt64, maximum: UInt64?) {
        let flags = try byte()
        let minimum = try number()
        return (minimum, flags & 1 != 0 ? try number() : nil)
    }

    /// The next so many bytes, which are then behind.
    mutating func slice(_ count: UInt64) throws(ModuleRefusal) -> LEBReader {
        guard count <= UInt64(bytes.count - position) else { throw ModuleRefusal("the module is cut off") }
        defer { position += Int(count) }
        return LEBReader(UnsafeRawBufferPointer(rebasing: bytes[position..<position + Int(count)]))
    }
}
