/// Base 16.
public enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    /// The value of an ASCII digit in either case; nil where it is none.
    public static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The ASCII digit of a value below 16, in lower case.
    public static func digit(_ value: UInt8) -> UInt8 { digits[Int(value)] }

    /// Two lower-case digits for each byte.
    public static func text(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.flatMap { [digit($0 >> 4), digit($0 & 0xF)] }, as: UTF8.self)
    }

    /// The bytes that pairs of digits stand for; nil where the text is no such thing.
    public static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let values = text.utf8.compactMap { value($0) }
        guard values.count == text.utf8.count, values.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }
}
