/// What a component means as the privilege of somebody who acts.
extension Component {
    /// The privilege of a delegate: `tokens` are appended to the first principal of the first clause.
    ///
    /// This privilege implies the result. True and false stay as they are.
    ///
    /// - Throws: what is wrong with the tokens, or `tooLarge`.
    public func delegated(to tokens: [String]) throws(LabelError) -> Component {
        guard !tokens.isEmpty, var clauses, let first = clauses.first else { return self }
        var principals = first.principals
        principals[0] = try Principal(principals[0].tokens + tokens)
        clauses[0] = try Clause(principals)
        return try Component(reducing: clauses)
    }

    /// Who certainly acts, as functions are told of their invoker: the tokens of each clause of a single principal.
    ///
    /// Clauses of several are left out, for none of those need be the one. True gives nobody, and false one without
    /// tokens, which delegated to everybody.
    public var invokers: [[String]] {
        guard let clauses else { return [[]] }
        return clauses.map(\.principals).filter { $0.count == 1 }.map { $0[0].tokens }
    }
}
