import HTTPTypes
import Model
import Platform

/// What a request asks for beyond the arguments, in headers, as the body of a run is nothing but arguments.
enum RunHeaders {
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
    static let delay = HTTPField.Name("X-Swiftlet-Delay")!
    static let priority = HTTPField.Name("X-Swiftlet-Priority")!
    static let maximumAge = HTTPField.Name("X-Swiftlet-Max-Age")!
    static let callback = HTTPField.Name("X-Callback-Url")!

    static let maximumKeyBytes = 255

    /// Reads the headers; a value that is out of bounds is a 400 that names the header.
    static func options(_ headers: HTTPFields, _ limits: PlatformConfiguration) throws -> RunOptions {
        let longest = limits.maximumDelay.microseconds / 1_000_000
        return RunOptions(
            idempotencyKey: try headers[idempotencyKey].map(key),
            delay: try headers[delay].map { try seconds($0, "X-Swiftlet-Delay", atMost: longest) },
            priority: try headers[priority].map { try number($0, limits.priorities) } ?? 0,
            maximumAge: try headers[maximumAge].map { try seconds($0, "X-Swiftlet-Max-Age", atMost: longest) },
            callback: headers[callback])
    }

    private static func key(_ text: String) throws -> String {
        guard (1...maximumKeyBytes).contains(text.utf8.count), text.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else {
            throw Failure.badRequest(
                "The header `Idempotency-Key` must be 1 to \(maximumKeyBytes) printable ASCII characters.")
        }
        return text
    }

    private static func number(_ text: String, _ bounds: ClosedRange<Int>) throws -> Int {
        guard let number = Int(text), bounds.contains(number) else {
            throw Failure.badRequest(
                "The header `X-Swiftlet-Priority` must be a whole number from \(bounds.lowerBound) to "
                    + "\(bounds.upperBound), but is `\(text)`.")
        }
        return number
    }

    private static func seconds(_ text: String, _ header: String, atMost most: Int64) throws -> Duration {
        guard let span = Seconds.parse(text), span <= .seconds(most) else {
            throw Failure.badRequest(
                "The header `\(header)` must be a number of seconds from 0 to \(most), but is `\(text)`.")
        }
        return span
    }
}

/// Spans as decimal seconds.
enum Seconds {
    /// Reads digits with at most one point among them; nil for everything else.
    static func parse(_ text: String) -> Duration? {
        guard !text.isEmpty, text.utf8.count <= 20,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }), let number = Double(text),
            number < 1e12
        else { return nil }
        return .microseconds(Int64(number * 1_000_000))
    }
}
