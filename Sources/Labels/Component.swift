/// One half of a label, a privilege or a clearance: a formula over principals in conjunctive normal form.
///
/// It is true (`T`), false (`F`), or some clauses of which each must be satisfied. As privilege, false can do everything
/// and true nothing. It is always in canonical form: in a clause no principal delegated to another, no clause is implied
/// by another, all is sorted. Therefore equal meaning is equality, and equal text.
public struct Component: Hashable, Sendable {
    /// The clauses, separated by `Separator.clause`: nothing for true, `Separator.false` for false.
    let encoded: [UInt8]

    /// No demand at all: anybody may read; nobody vouches.
    public static let `true` = Component(encoded: [])
    /// The demand that nobody meets: nobody may read; everybody vouches.
    public static let `false` = Component(encoded: [Separator.false])

    /// The conjunction of clauses, true where there are none.
    ///
    /// - Throws: `tooLarge`, also where too many clauses are given of which few would be left.
    public init(_ clauses: [Clause]) throws(LabelError) {
        guard clauses.count <= LabelLimits.maximumClauses else { throw Self.tooManyClauses }
        try self.init(reducing: clauses)
    }

    /// What this one principal owns or vouches for.
    public init(_ principal: Principal) { encoded = principal.encoded }

    init(encoded: [UInt8]) { self.encoded = encoded }

    /// Takes clauses that are sorted and do not imply each other.
    init(canonical clauses: [Clause]) {
        encoded = [UInt8](clauses.map(\.encoded).joined(separator: [Separator.clause]))
    }

    /// Brings clauses into canonical form, as many as are given.
    init(reducing clauses: [Clause]) throws(LabelError) {
        // A clause implies only longer ones (and itself): each of its principals is the beginning of another one of the
        // other's. So what is kept is never dropped again, and too many are noticed after few comparisons.
        var kept: [Clause] = []
        for clause in clauses.sorted(by: { $0.encoded.count < $1.encoded.count })
        where !kept.contains(where: { $0.implies(clause) }) {
            guard kept.count < LabelLimits.maximumClauses else { throw Self.tooManyClauses }
            kept.append(clause)
        }
        self.init(canonical: kept.sorted { $0.encoded.lexicographicallyPrecedes($1.encoded) })
        guard encoded.count <= LabelLimits.maximumComponentBytes else {
            throw LabelError(
                .tooLarge,
                "A component would have \(encoded.count) bytes; the most is \(LabelLimits.maximumComponentBytes).")
        }
        guard !kept.contains(where: { $0.principalCount > LabelLimits.maximumPrincipals }) else {
            throw LabelError(.tooLarge, "A clause would have more than \(LabelLimits.maximumPrincipals) principals.")
        }
    }

    public var isTrue: Bool { encoded.isEmpty }
    public var isFalse: Bool { encoded.first == Separator.false }

    /// The clauses in canonical order: none for true, nil for false.
    public var clauses: [Clause]? {
        isFalse ? nil : encoded.parts(between: Separator.clause).map { Clause(encoded: $0) }
    }

    private static var tooManyClauses: LabelError {
        LabelError(.tooLarge, "A component would have more than \(LabelLimits.maximumClauses) clauses.")
    }
}

extension Component: CustomStringConvertible {
    /// The canonical text, which ``init(parsing:)`` reads.
    public var description: String { TextPrinter.text(ofComponent: encoded) }

    /// Reads all of `text`: `T`, `F`, or clauses joined by `&`, of principals joined by `|`, of tokens joined by `/`.
    ///
    /// - Throws: the first thing that is wrong, with its position.
    public init(parsing text: String) throws(LabelError) {
        var parser = try TextParser(text)
        self = try parser.component()
        try parser.end()
    }
}
