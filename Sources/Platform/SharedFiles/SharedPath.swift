/// The path of a file that functions of a tenant share: names divided by `/`, 1 to 1024 bytes together. Two are the same where
/// their bytes are.
public struct SharedPath: Hashable, Sendable, CustomStringConvertible {
    static let maximumBytes = 1024
    private static let maximumNameBytes = 255

    public let text: String

    /// Refuses what could lead elsewhere: `..`, absolute paths, control characters, names without a letter.
    public init(_ text: String) throws(PlatformError) {
        let names = text.split(separator: "/", omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.maximumBytes, !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }),
            names.allSatisfy({ !["", ".", ".."].contains($0) && $0.utf8.count <= Self.maximumNameBytes })
        else {
            throw PlatformError(
                .invalidRequest,
                "`\(text.prefix(200))` is no path of a shared file: names divided by `/`, relative, without `..`, at most "
                    + "\(Self.maximumBytes) bytes.")
        }
        self.text = text
    }

    /// The folders that the file is in, from the outermost on.
    var folders: [String] {
        let names = text.split(separator: "/")
        return names.indices.dropFirst().map { names[..<$0].joined(separator: "/") }
    }

    public static func == (left: Self, right: Self) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    public func hash(into hasher: inout Hasher) { for byte in text.utf8 { hasher.combine(byte) } }

    public var description: String { text }
}
