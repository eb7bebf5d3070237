/// SHA-256 of the bytes of a blob, under which it is stored and found.
public struct BlobHash: Hashable, Sendable {
    public static let byteCount = 32

    /// 32 bytes.
    public let bytes: [UInt8]

    /// Nil unless there are 32.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = Array(bytes)
    }

    /// Reads 64 hexadecimal digits in lower case; nil where the text is anything else.
    public init?(_ text: some StringProtocol) {
        guard let bytes = Hexadecimal.bytes(text), Hexadecimal.text(bytes) == text else { return nil }
        self.init(bytes: bytes)
    }
}

extension BlobHash: CustomStringConvertible {
    /// 64 hexadecimal digits.
    public var description: String { Hexadecimal.text(bytes) }
}

extension BlobHash: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try String(from: decoder)
        guard let hash = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "\(text) is no SHA-256"))
        }
        self = hash
    }

    public func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}
