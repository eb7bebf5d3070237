import Model
import Platform

/// The body of a create or update request: `{"name", "code", "context", "requirements"}`, all optional here.
struct FunctionBody {
    var name: String?
    var code: String?
    var context: String?
    var requirements: String?

    init(parsing bytes: [UInt8]) throws {
        var scanner = JSONScanner(bytes)
        let text = scanner
        var fields: [String: String] = [:]
        try scanner.object { key, kind, range throws(JSONFault) in
            guard ["name", "code", "context", "requirements"].contains(key) else { return }
            if text.isNull(in: range) { return }
            guard kind == .string, let value = text.string(in: range) else {
                throw text.fault("`\(key)` must be a string", at: range.lowerBound)
            }
            fields[key] = value
        }
        name = fields["name"]
        code = try fields["code"].map { try Self.decoded($0, "code") }
        context = try fields["context"].map { try Self.decoded($0, "context") }
        requirements = try fields["requirements"].map { try Self.decoded($0, "requirements") }
    }

    /// Texts travel percent-encoded, which leaves no white space: one that has some was not encoded.
    static func decoded(_ text: String, _ name: String) throws -> String {
        if text.utf8.contains(where: { $0 == 0x20 || (0x09...0x0D).contains($0) }) { return text }
        guard let decoded = PercentCoding.decoded(text) else {
            throw Failure.badRequest("`\(name)` is not UTF-8 once its percent-encoding is taken away.")
        }
        return decoded
    }
}
