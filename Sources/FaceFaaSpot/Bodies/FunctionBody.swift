import FoundationEssentials
import HTTPTypes
import Model
import Packages
import Platform

/// The body of a create or update request: `{"name", "code", "package", "context", "requirements", "limits"}`, all optional
/// here.
struct FunctionBody {
    var name: String?
    var code: String?
    var context: String?
    var requirements: String?
    /// The files of a package, which was sent as an archive in base 64.
    private(set) var files: PackageTree?
    /// What the function asks for instead of the usual limits, by their names in ``FunctionLimits``; empty: nothing.
    private(set) var limits: [String: Int] = [:]

    init(parsing bytes: [UInt8]) throws {
        var scanner = JSONScanner(bytes)
        let text = scanner
        var fields: [String: String] = [:]
        var limits: [String: Int] = [:]
        try scanner.object { key, kind, range throws(JSONFault) in
            if key == "limits" {
                limits = try Self.limits(bytes, range)
                return
            }
            guard ["name", "code", "package", "context", "requirements"].contains(key) else { return }
            if text.isNull(in: range) { return }
            guard kind == .string, let value = text.string(in: range) else {
                throw text.fault("`\(key)` must be a string", at: range.lowerBound)
            }
            fields[key] = value
        }
        self.limits = limits
        name = fields["name"]
        code = try fields["code"].map { try Self.decoded($0, "code") }
        context = try fields["context"].map { try Self.decoded($0, "context") }
        requirements = try fields["requirements"].map { try Self.decoded($0, "requirements") }
        files = try fields["package"].map(Self.files)
        guard files == nil || code == nil else { throw Failure.badRequest("Give `code` or `package`, not both.") }
    }

    private static func limits(_ bytes: [UInt8], _ range: Range<Int>) throws(JSONFault) -> [String: Int] {
        var scanner = JSONScanner(bytes, range: range)
        let text = scanner
        var limits: [String: Int] = [:]
        try scanner.object { key, _, range throws(JSONFault) in
            guard FunctionLimits.named.contains(where: { $0.name == key }) else {
                let known = FunctionLimits.named.map { "`\($0.name)`" }.joined(separator: ", ")
                throw text.fault("There is no limit `\(key)`, only \(known)", at: range.lowerBound)
            }
            guard let value = Int(String(decoding: bytes[range], as: UTF8.self)) else {
                throw text.fault("`\(key)` must be a whole number", at: range.lowerBound)
            }
            limits[key] = value
        }
        return limits
    }

    /// `usual` with what this body asks for; nil where it asks for nothing.
    func limits(over usual: FunctionLimits) -> FunctionLimits? {
        guard !limits.isEmpty else { return nil }
        var result = usual
        for each in FunctionLimits.named { result[keyPath: each.path] = limits[each.name] ?? usual[keyPath: each.path] }
        return result
    }

    /// What the body changes, without any content, for the audit log.
    var changes: String {
        let parts = [
            code.map { _ in "code" }, files.map { _ in "package" }, context.map { _ in "context" },
            requirements.map { _ in "requirements" },
            limits.isEmpty ? nil : "limits", name.map { "name: \($0)" },
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }

    var asksForLimits: Bool { !limits.isEmpty }

    private static func files(_ text: String) throws -> PackageTree {
        guard let archive = Data(base64Encoded: text) else { throw Failure.badRequest("`package` is not in base 64.") }
        do throws(PackageError) { return try PackageReader.read(Array(archive)) } catch {
            throw Failure(error.code == .tooLarge ? .contentTooLarge : .badRequest, error.message)
        }
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
