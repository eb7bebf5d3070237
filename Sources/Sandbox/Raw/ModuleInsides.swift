/// A module whose variables and tables are exported, so that its host can keep how a hook left them, and put that back.
struct ModuleInsides {
    /// The module with these exports.
    var module: [UInt8]
    var globals: [String]
    var tables: [String]

    /// The name of the variable that is this one among those that can change.
    static func global(_ number: Int) -> String { "swiftlet global \(number)" }

    /// More variables are not kept.
    private static let maximumGlobals = 1000
    private static let globalSection: UInt8 = 6
    private static let exportSection: UInt8 = 7

    /// What a variable or a table is exported as.
    private enum Kind: UInt8 {
        case table = 1
        case global = 3
    }

    /// Nil where the module has variables that cannot be kept: too many, or references. The sentence of an error is for who wrote it.
    init?(of module: [UInt8]) throws(ModuleRefusal) {
        let insides = try module.withUnsafeBytes { bytes in
            Result { () throws(ModuleRefusal) in try Self.find(in: bytes) }
        }.get()
        guard let (globals, tableCount, exports) = insides, globals.count <= Self.maximumGlobals else { return nil }
        self.globals = globals.indices.map(Self.global)
        tables = (0..<tableCount).map { "swiftlet table \($0)" }
        var added: [UInt8] = []
        func add(_ name: String, _ kind: Kind, _ index: Int) {
            added += Self.encoded(name.utf8.count) + Array(name.utf8) + [kind.rawValue] + Self.encoded(index)
        }
        for (name, index) in zip(self.globals, globals) { add(name, .global, index) }
        for (index, name) in tables.enumerated() { add(name, .table, index) }
        let count = exports.count + globals.count + tableCount
        let content = Self.encoded(count) + Array(module[exports.entries]) + added
        self.module =
            Array(module[..<exports.section.lowerBound]) + [Self.exportSection] + Self.encoded(content.count) + content
            + Array(module[exports.section.upperBound...])
    }

    private struct Exports {
        var section: Range<Int>
        /// Where the entries are, behind their number.
        var entries: Range<Int>
        var count: Int
    }

    /// The indices of the variables that can change, how many tables there are, and the exports. Only functions are imported.
    private static func find(
        in module: UnsafeRawBufferPointer
    ) throws(ModuleRefusal) -> (globals: [Int], tableCount: Int, Exports)? {
        var reader = LEBReader(module, from: 8)
        var (globals, tableCount): ([Int], Int) = ([], 0)
        var exports: Exports?
        while !reader.isAtEnd {
            let start = reader.position
            let id = try reader.byte()
            let length = try reader.number()
            let content = reader.position
            var section = try reader.slice(length)
            switch id {
            case 4: tableCount = Int(clamping: try section.number())
            case globalSection:
                guard let found = try changingGlobals(&section) else { return nil }
                globals = found
            case exportSection:
                let count = Int(clamping: try section.number())
                exports = Exports(
                    section: start..<reader.position, entries: content + section.position..<reader.position,
                    count: count
                )
            default: break
            }
        }
        guard let exports, tableCount <= maximumGlobals else { return nil }
        return (globals, tableCount, exports)
    }

    /// The indices of variables that can change; nil where one of them is no number, or its first value is not understood.
    private static func changingGlobals(_ section: inout LEBReader) throws(ModuleRefusal) -> [Int]? {
        var changing: [Int] = []
        for index in 0..<Int(clamping: try section.number()) {
            let type = try section.byte()
            guard (0x7B...0x7F).contains(type) || type == 0x70 || type == 0x6F else { return nil }
            if try section.byte() != 0 {
                guard (0x7B...0x7F).contains(type) else { return nil }
                changing.append(index)
            }
            guard try skipExpression(&section) else { return nil }
        }
        return changing
    }

    /// Goes behind a constant expression; false where it has something else than those have.
    private static func skipExpression(_ reader: inout LEBReader) throws(ModuleRefusal) -> Bool {
        while true {
            switch try reader.byte() {
            case 0x0B: return true
            case 0x41, 0x42, 0x23, 0xD0, 0xD2: _ = try reader.number()
            case 0x43: _ = try reader.slice(4)
            case 0x44: _ = try reader.slice(8)
            case 0x6A, 0x6B, 0x6C, 0x7C, 0x7D, 0x7E: break
            case 0xFD:
                guard try reader.number() == 12 else { return false }
                _ = try reader.slice(16)
            default: return false
            }
        }
    }

    /// LEB128, without a sign.
    private static func encoded(_ number: Int) -> [UInt8] {
        var (bytes, rest): ([UInt8], Int) = ([], number)
        repeat {
            bytes.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
            rest >>= 7
        } while rest > 0
        return bytes
    }
}
