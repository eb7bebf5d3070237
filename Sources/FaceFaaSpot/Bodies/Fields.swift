import Model
import Platform
import Storage

/// The members of a JSON object in a body, by name, each read as what it must be.
struct Fields {
    private let scanner: JSONScanner
    private let bytes: [UInt8]
    private var members: [String: (kind: JSONScanner.Kind, range: Range<Int>)] = [:]

    /// Takes an object that has no other members than `known`.
    init(_ bytes: [UInt8], known: Set<String>) throws {
        var scanner = JSONScanner(bytes)
        self.scanner = scanner
        self.bytes = bytes
        var members: [String: (kind: JSONScanner.Kind, range: Range<Int>)] = [:]
        let text = scanner
        try scanner.object { key, kind, range throws(JSONFault) in
            guard known.contains(key) else {
                let names = known.sorted().map { "`\($0)`" }.joined(separator: ", ")
                throw text.fault("There is no field `\(key)`, only \(names)", at: range.lowerBound)
            }
            members[key] = (kind, range)
        }
        self.members = members
    }

    func has(_ name: String) -> Bool { members[name] != nil }

    /// Nil where it is missing or `null`.
    func text(_ name: String) throws -> String? {
        guard let (kind, range) = present(name) else { return nil }
        guard kind == .string, let text = scanner.string(in: range) else {
            throw fault("must be a string", name, range)
        }
        return text
    }

    func requiredText(_ name: String) throws -> String {
        guard let text = try text(name) else { throw Failure.badRequest("`\(name)` is missing.") }
        return text
    }

    func number(_ name: String, in bounds: ClosedRange<Int>) throws -> Int? {
        guard let (_, range) = present(name) else { return nil }
        guard let number = Int(String(decoding: bytes[range], as: UTF8.self)), bounds.contains(number) else {
            throw fault("must be a whole number from \(bounds.lowerBound) to \(bounds.upperBound)", name, range)
        }
        return number
    }

    func texts(_ name: String) throws -> [String]? {
        guard let (kind, range) = present(name) else { return nil }
        guard kind == .array else { throw fault("must be a list of strings", name, range) }
        var list = JSONScanner(bytes, range: range)
        let text = list
        var texts: [String] = []
        try list.array { kind, range throws(JSONFault) in
            guard kind == .string, let value = text.string(in: range) else {
                throw text.fault("`\(name)` must be a list of strings", at: range.lowerBound)
            }
            texts.append(value)
        }
        return texts
    }

    func scopes() throws -> Set<TokenScope>? {
        guard let names = try texts("scopes") else { return nil }
        guard !names.isEmpty else { throw Failure.badRequest("`scopes` must name at least one scope.") }
        return Set(
            try names.map { name in
                guard let scope = TokenScope(rawValue: name) else {
                    let known = TokenScope.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
                    throw Failure.badRequest("There is no scope `\(name)`, only \(known).")
                }
                return scope
            })
    }

    func functions() throws -> [FunctionPattern]? {
        try texts("functions")?.map { text in
            guard let pattern = FunctionPattern(text) else {
                throw Failure.badRequest(
                    "`\(text)` names no functions: write `NAME` or `APP/NAME`, with `*` at the end for any rest.")
            }
            return pattern
        }
    }

    private func present(_ name: String) -> (kind: JSONScanner.Kind, range: Range<Int>)? {
        members[name].flatMap { scanner.isNull(in: $0.range) ? nil : $0 }
    }

    private func fault(_ message: String, _ name: String, _ range: Range<Int>) -> JSONFault {
        scanner.fault("`\(name)` \(message)", at: range.lowerBound)
    }
}
