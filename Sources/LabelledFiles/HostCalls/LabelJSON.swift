import Labels

/// Writes labels as the JSON that `Label` reads, without the cost of a general encoder: each label call answers one.
enum LabelJSON {
    static func bytes(_ label: Label) -> [UInt8] {
        Array("{\"secrecy\":\(text(label.secrecy)),\"integrity\":\(text(label.integrity))}".utf8)
    }

    static func text(_ component: Component) -> String {
        guard let clauses = component.clauses else { return "\"DCFalse\"" }
        let formula = clauses.map { clause in
            list(clause.principals.map { principal in list(principal.tokens.map(quoted)) })
        }
        return "{\"DCFormula\":\(list(formula))}"
    }

    private static func list(_ items: [String]) -> String { "[\(items.joined(separator: ","))]" }

    /// Tokens hold no control characters.
    private static func quoted(_ token: String) -> String {
        var text = "\""
        for scalar in token.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { text += "\\" }
            text.unicodeScalars.append(scalar)
        }
        return text + "\""
    }
}
