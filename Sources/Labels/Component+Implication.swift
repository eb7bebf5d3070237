extension Component {
    /// Whether whoever meets this demand meets the other: each clause of `other` is implied by one of these.
    public func implies(_ other: Component) -> Bool { Implication.holds(self, .true, other) }

    /// Whether this and `second` together imply `other`. It is `self.and(second).implies(other)`, without building that.
    public func implies(_ other: Component, with second: Component) -> Bool {
        Implication.holds(self, second, other)
    }

    /// Whether one of these clauses implies `clause`; false does.
    func implies(_ clause: Clause) -> Bool {
        isFalse || Implication.anyClause(of: encoded.span, implies: 0..<clause.encoded.count, of: clause.encoded.span)
    }
}

/// The implication of encoded formulas. Nothing here allocates.
enum Implication {
    /// Whether `first ∧ second ⇒ goal`.
    static func holds(_ first: Component, _ second: Component, _ goal: Component) -> Bool {
        if goal.isTrue || first.isFalse || second.isFalse { return true }
        if goal.isFalse { return false }
        if first == goal || second == goal { return true }
        let first = first.encoded.span
        let second = second.encoded.span
        let goal = goal.encoded.span
        var start = 0
        while start < goal.count {
            let clause = start..<goal.end(before: Separator.clause, from: start)
            guard
                anyClause(of: first, implies: clause, of: goal) || anyClause(of: second, implies: clause, of: goal)
            else { return false }
            start = clause.upperBound + 1
        }
        return true
    }

    /// Whether one of the clauses of `premise`, which is not false, implies the clause at `clause` in `goal`.
    static func anyClause(of premise: Span<UInt8>, implies clause: Range<Int>, of goal: Span<UInt8>) -> Bool {
        var start = 0
        while start < premise.count {
            let end = premise.end(before: Separator.clause, from: start)
            if holds(start..<end, of: premise, clause, of: goal) { return true }
            start = end + 1
        }
        return false
    }

    /// Whether each principal of the clause `c` in `premise` is the beginning of a principal of the clause `d` in `goal`.
    ///
    /// Both are sorted, and in the order all principals that begin with `p` follow `p` without a gap. So the first one
    /// that is not before `p` decides, and one walk through both clauses is enough.
    static func holds(
        _ c: Range<Int>, of premise: Span<UInt8>, _ d: Range<Int>, of goal: Span<UInt8>
    ) -> Bool {
        var p = c.lowerBound
        var q = d.lowerBound
        while p < c.upperBound {
            guard q < d.upperBound else { return false }
            var i = p
            var j = q
            // Bytes of one principal end before `Separator.principal`, which counts as the end of the clause does.
            while i < c.upperBound, j < d.upperBound, premise[i] > Separator.principal, premise[i] == goal[j] {
                i += 1
                j += 1
            }
            let left = i < c.upperBound ? premise[i] : Separator.principal
            let right = j < d.upperBound ? goal[j] : Separator.principal
            if left == Separator.principal, right <= Separator.token {
                p = i + 1
            } else if right < left {
                q = goal.end(before: Separator.principal, from: j) + 1
            } else {
                return false
            }
        }
        return true
    }
}
