import Crypto
import Model

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where the keys of contexts are kept: in the data folder, or in a file of the operator's.
enum ContextKeys {
    static let keyBytes = 32
    /// The current key and the one before it.
    private static let maximumKeys = 2

    /// The keys of the server's own file, the current one first; made at the first start. Two keys: a rotation was begun.
    static func own(_ file: SecretFile) throws(PlatformError) -> [SymmetricKey] {
        try keys(try file.readOrCreate { bytes(of: [SymmetricKey(size: .bits256)]) }, in: file)
    }

    /// The keys of the server's own file; none where there is no file.
    static func existing(_ file: SecretFile) throws(PlatformError) -> [SymmetricKey] {
        guard let bytes = try file.load() else { return [] }
        return try keys(bytes, in: file)
    }

    /// The keys of an operator's file: one a line, the current one first, in hexadecimal digits or base64.
    static func given(_ file: SecretFile) throws(PlatformError) -> [SymmetricKey] {
        guard let bytes = try file.load() else {
            throw PlatformError(.internalFailure, "There is no file `\(file.path)` with the key of contexts.")
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
        let keys = lines.compactMap { line in Hexadecimal.bytes(line) ?? Data(base64Encoded: line).map(Array.init) }
        guard (1...maximumKeys).contains(lines.count), keys.count == lines.count,
            keys.allSatisfy({ $0.count == keyBytes })
        else {
            throw PlatformError(
                .internalFailure,
                "`\(file.path)` must hold a key of \(keyBytes) bytes in a line, as hexadecimal digits or base64, and may "
                    + "hold the key before it in a second line.")
        }
        return keys.map { SymmetricKey(data: $0) }
    }

    static func bytes(of keys: [SymmetricKey]) -> [UInt8] { keys.flatMap { $0.withUnsafeBytes { Array($0) } } }

    private static func keys(_ bytes: [UInt8], in file: SecretFile) throws(PlatformError) -> [SymmetricKey] {
        guard bytes.count == keyBytes || bytes.count == keyBytes * maximumKeys else {
            throw PlatformError(
                .internalFailure,
                "`\(file.path)` holds \(bytes.count) bytes, but a key has \(keyBytes); restore the file.")
        }
        return stride(from: 0, to: bytes.count, by: keyBytes).map { SymmetricKey(data: bytes[$0..<$0 + keyBytes]) }
    }
}
