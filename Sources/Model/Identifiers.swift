/// A UUID of version 7 (RFC 9562): its first 48 bits are the time in milliseconds, so ids sort by creation.
public struct UUID7: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let high: UInt64
    public let low: UInt64

    /// Makes an id for `time`, whose other 74 bits are drawn from `generator`.
    public init(time: Timestamp, using generator: inout some RandomNumberGenerator) {
        let milliseconds = UInt64(max(0, time.microseconds / 1000)) & 0xFFFF_FFFF_FFFF
        // The sub-millisecond part orders ids of one millisecond (RFC 9562, method 3).
        let fraction = UInt64(max(0, time.microseconds % 1000)) * 4096 / 1000
        high = milliseconds << 16 | 0x7000 | fraction
        low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    }

    /// The first id that ``init(time:using:)`` can make for `time`: a bound for searches by time.
    public init(firstAt time: Timestamp) {
        var zeros = Zeros()
        self.init(time: time, using: &zeros)
    }

    private struct Zeros: RandomNumberGenerator {
        func next() -> UInt64 { 0 }
    }

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Parses 36 characters with dashes, in any case; nil where the text has another form.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        var digits = 0
        for (index, byte) in bytes.enumerated() {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = Hexadecimal.value(byte).map(UInt64.init) else { return nil }
            if digits < 16 { words.0 = words.0 << 4 | digit } else { words.1 = words.1 << 4 | digit }
            digits += 1
        }
        (high, low) = words
    }

    public static func < (left: Self, right: Self) -> Bool { (left.high, left.low) < (right.high, right.low) }

    public var description: String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            for index in 0..<32 {
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    buffer[position] = UInt8(ascii: "-")
                    position += 1
                }
                let word = index < 16 ? high : low
                buffer[position] = Hexadecimal.digit(
                    UInt8(truncatingIfNeeded: word >> UInt64((15 - index % 16) * 4)) & 0xF)
                position += 1
            }
            return 36
        }
    }
}

extension UUID7: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try String(from: decoder)
        guard let id = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "\(text) is no UUID"))
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}

/// The id of one execution.
public typealias ExecutionID = UUID7

/// The id of executions that were queued together.
public typealias BatchID = UUID7

/// The id of a function, which stays the same when it is renamed.
public typealias FunctionID = UUID7

/// What calls start from, under the name that workers know it by: the content hash (SHA-256, 64 hexadecimal digits) of an image
/// file, or that of a module and all that its compiled code depends on.
public struct ImageID: Hashable, Sendable, Codable, CustomStringConvertible {
    public let rawValue: String

    /// Takes 64 lower-case hexadecimal digits; nil where the text has another form.
    public init?(_ rawValue: String) {
        let isDigest =
            rawValue.utf8.count == 64
            && rawValue.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
        guard isDigest else { return nil }
        self.rawValue = rawValue
    }

    public init(from decoder: any Decoder) throws {
        let text = try String(from: decoder)
        guard let id = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "\(text) is no image id"))
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }

    public var description: String { rawValue }
}
