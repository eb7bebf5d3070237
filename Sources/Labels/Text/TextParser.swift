/// Reads components from a text, from its beginning to its end.
struct TextParser {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    /// - Throws: `tooLarge`.
    init(_ text: String) throws(LabelError) {
        let count = text.utf8.count
        guard count <= LabelLimits.maximumTextBytes else {
            throw LabelError(
                .tooLarge, "The text has \(count) bytes; the most is \(LabelLimits.maximumTextBytes).", position: 0)
        }
        scalars = Array(text.unicodeScalars)
    }

    mutating func comma() throws(LabelError) {
        guard take(",") else {
            throw LabelError(.comma, "The comma between secrecy and integrity is missing.", position: position)
        }
    }

    /// Components stop at nothing but a comma or the end.
    func end() throws(LabelError) {
        guard position == scalars.count else {
            throw LabelError(
                .comma, "There is a comma too many; escape it if it belongs to a name.", position: position)
        }
    }

    mutating func component() throws(LabelError) -> Component {
        let start = position
        if let constant = constant() { return constant }
        var clauses: [Clause] = []
        repeat { clauses.append(try clause()) } while take("&")
        return try located(start) { () throws(LabelError) in try Component(clauses) }
    }

    /// `T` or `F`, where it is a whole component.
    private mutating func constant() -> Component? {
        guard let scalar = peek, scalar.isConstant else { return nil }
        guard position + 1 == scalars.count || scalars[position + 1] == "," else { return nil }
        position += 1
        return scalar == "T" ? .true : .false
    }

    private mutating func clause() throws(LabelError) -> Clause {
        let start = position
        var principals: [Principal] = []
        repeat { principals.append(try principal()) } while take("|")
        return try located(start) { () throws(LabelError) in try Clause(principals) }
    }

    private mutating func principal() throws(LabelError) -> Principal {
        let start = position
        var tokens: [String] = []
        repeat { tokens.append(try token()) } while take("/")
        if position == start + 1, scalars[start].isConstant {
            throw LabelError(
                .constant, "\(tokens[0]) must be a component of its own; the principal is written \\\(tokens[0]).",
                position: start)
        }
        return try located(start) { () throws(LabelError) in try Principal(tokens) }
    }

    private mutating func token() throws(LabelError) -> String {
        let start = position
        var token = String.UnicodeScalarView()
        while let scalar = peek, !scalar.isDelimiter {
            token.append(scalar == "\\" ? try escapedScalar() : try plainScalar(scalar))
            position += 1
        }
        guard !token.isEmpty else {
            throw LabelError(.empty, "A name is missing here; nobody and everybody are T and F.", position: start)
        }
        return String(token)
    }

    private func plainScalar(_ scalar: Unicode.Scalar) throws(LabelError) -> Unicode.Scalar {
        guard !scalar.isControl else {
            throw LabelError(.character, "Names hold no control characters.", position: position)
        }
        guard !scalar.needsEscape else {
            let name = scalar.isBlank ? "A blank" : "\(scalar)"
            throw LabelError(.character, "\(name) in a name must stand after a backslash.", position: position)
        }
        return scalar
    }

    private mutating func escapedScalar() throws(LabelError) -> Unicode.Scalar {
        let backslash = position
        position += 1
        guard let scalar = peek, scalar.needsEscape || scalar.isConstant else {
            throw LabelError(
                .escape, "A backslash stands only before , | & / \\ : < > and blanks, and before T and F.",
                position: backslash)
        }
        return scalar
    }

    private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        position += 1
        return true
    }

    private func located<Value>(
        _ position: Int, _ make: () throws(LabelError) -> Value
    ) throws(LabelError) -> Value {
        do { return try make() } catch { throw error.at(position) }
    }
}
