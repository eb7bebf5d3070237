/// JSON: `"DCFalse"`, or `{"DCFormula": [[[token, …], …], …]}` with clauses, principals and tokens.
extension Component: Codable {
    private static let falseText = "DCFalse"

    private enum CodingKeys: String, CodingKey {
        case formula = "DCFormula"
    }

    public init(from decoder: any Decoder) throws {
        if let container = try? decoder.singleValueContainer(), let text = try? container.decode(String.self) {
            guard text == Self.falseText else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "A component is \"DCFalse\" or an object with \"DCFormula\".")
            }
            self = .false
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let formula = try container.decode([[[String]]].self, forKey: .formula)
        do {
            try self.init(formula: formula)
        } catch {
            throw DecodingError.dataCorruptedError(forKey: .formula, in: container, debugDescription: error.message)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        guard let clauses else {
            var container = encoder.singleValueContainer()
            return try container.encode(Self.falseText)
        }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(clauses.map { $0.principals.map(\.tokens) }, forKey: .formula)
    }

    /// A formula as clauses of principals of tokens, in any order; none is true.
    ///
    /// - Throws: `empty`, `character` or `tooLarge`.
    public init(formula: [[[String]]]) throws(LabelError) {
        var clauses: [Clause] = []
        for clause in formula {
            var principals: [Principal] = []
            for tokens in clause { principals.append(try Principal(tokens)) }
            clauses.append(try Clause(principals))
        }
        try self.init(clauses)
    }
}
