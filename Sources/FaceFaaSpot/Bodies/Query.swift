import Model

/// The decoded pairs of a query, in order.
struct Query {
    static let maximumPairs = 1000

    var pairs: [(key: String, value: String)] = []

    init(_ query: String) throws {
        for part in query.split(separator: "&") {
            let equals = part.firstIndex(of: "=")
            guard let key = PercentCoding.decoded(part[..<(equals ?? part.endIndex)], plusIsBlank: true),
                let value = PercentCoding.decoded(
                    equals.map { part[part.index(after: $0)...] } ?? "", plusIsBlank: true)
            else { throw Failure.badRequest("The query is not UTF-8 once its percent-encoding is taken away.") }
            guard pairs.count < Self.maximumPairs else {
                throw Failure.badRequest("The query has more than \(Self.maximumPairs) parameters; send a JSON body.")
            }
            pairs.append((key, value))
        }
    }

    /// The last value under a key.
    subscript(key: String) -> String? { pairs.last { $0.key == key }?.value }

    /// What is true or false, in any case of letters; false where it is missing.
    func truth(_ key: String) throws -> Bool {
        switch self[key]?.lowercased() {
        case "true": return true
        case "false", nil: return false
        default: throw Failure.badRequest("`\(key)` must be true or false, but is `\(self[key] ?? "")`.")
        }
    }
}
