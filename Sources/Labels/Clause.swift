/// Principals of whom one suffices, in canonical form: sorted, without any that delegated to another of them.
///
/// `alice|alice/app` says no more than `alice/app`, since `alice` can act as `alice/app` anyway.
public struct Clause: Hashable, Sendable {
    /// The principals, separated by `Separator.principal`.
    let encoded: [UInt8]

    /// - Throws: `empty` without principals, `tooLarge` where too many are given.
    public init(_ principals: [Principal]) throws(LabelError) {
        guard !principals.isEmpty else { throw LabelError(.empty, "A clause needs at least one principal.") }
        guard principals.count <= LabelLimits.maximumPrincipals else {
            throw LabelError(
                .tooLarge,
                "A clause has \(principals.count) principals; the most is \(LabelLimits.maximumPrincipals).")
        }
        self.init(reducing: principals)
    }

    init(encoded: [UInt8]) { self.encoded = encoded }

    /// Brings principals, at least one, into canonical form; their number is not bounded here.
    init(reducing principals: [Principal]) {
        let sorted = principals.sorted { $0.encoded.lexicographicallyPrecedes($1.encoded) }
        // All that a principal delegated to directly follow it, so that looking at the next one is enough.
        let kept = sorted.indices.filter { index in
            index + 1 == sorted.count || !sorted[index].implies(sorted[index + 1])
        }
        encoded = [UInt8](kept.map { sorted[$0].encoded }.joined(separator: [Separator.principal]))
    }

    /// The principals in canonical order; never empty.
    public var principals: [Principal] {
        encoded.parts(between: Separator.principal).map { Principal(encoded: $0) }
    }

    var principalCount: Int { encoded.count { $0 == Separator.principal } + 1 }

    /// Whether whoever satisfies this clause satisfies the other: each of these principals implies one of those.
    public func implies(_ other: Clause) -> Bool {
        let premise = encoded.span
        let goal = other.encoded.span
        return Implication.holds(0..<premise.count, of: premise, 0..<goal.count, of: goal)
    }
}

extension Clause: CustomStringConvertible {
    /// The canonical text.
    public var description: String { TextPrinter.text(ofClause: encoded) }
}
