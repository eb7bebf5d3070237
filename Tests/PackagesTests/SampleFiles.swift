import Foundation

@testable import Packages

/// Archives that the usual programs made; see `Samples/README.md`.
enum SampleFiles {
    static func read(_ name: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Samples")
        return Array(try Data(contentsOf: folder.appending(path: name)))
    }
}

extension PackageTree {
    /// A file's content as text.
    func text(_ path: String) -> String? { files[path].map { String(decoding: $0, as: UTF8.self) } }
}

/// Puts little-endian numbers where a test wants them.
extension [UInt8] {
    mutating func set(_ value: Int, at offset: Int, bytes: Int) {
        for index in 0..<bytes { self[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
    }
}
