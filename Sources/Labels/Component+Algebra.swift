extension Component {
    /// Both demands at once: `self ∧ other`.
    ///
    /// - Throws: `tooLarge`.
    public func and(_ other: Component) throws(LabelError) -> Component {
        if implies(other) { return self }
        if other.implies(self) { return other }
        return try Component(reducing: (clauses ?? []) + (other.clauses ?? []))
    }

    /// Either demand: `self ∨ other`. It has a clause for every pair of clauses, less those that say nothing new.
    ///
    /// - Throws: `tooLarge`.
    public func or(_ other: Component) throws(LabelError) -> Component {
        if implies(other) { return other }
        if other.implies(self) { return self }
        let others = other.clauses ?? []
        return try Component(reducing: (clauses ?? []).flatMap { clause in others.map { clause.union($0) } })
    }

    /// The demand that is left for a holder of `privilege`: without the clauses that a clause of it implies.
    ///
    /// False can be met only by false itself, which leaves nothing.
    func relieved(by privilege: Component) -> Component {
        if privilege.isFalse { return .true }
        guard let clauses, !privilege.isTrue else { return self }
        return Component(canonical: clauses.filter { !privilege.implies($0) })
    }
}
