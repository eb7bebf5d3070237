extension Clause {
    /// Satisfied by whoever satisfies one of both. It may have more principals than a clause of a component.
    ///
    /// Disjunctions make one for every pair of clauses, so this merges the sorted bytes instead of taking them apart.
    func union(_ other: Clause) -> Clause {
        let first = encoded.span
        let second = other.encoded.span
        var merged: [UInt8] = []
        merged.reserveCapacity(first.count + second.count + 1)
        var last = 0
        var i = 0
        var j = 0
        while i < first.count || j < second.count {
            let takesFirst = Self.precedes(first, i, second, j)
            let next =
                takesFirst
                ? first.end(before: Separator.principal, from: i) : second.end(before: Separator.principal, from: j)
            let start = takesFirst ? i : j
            if !merged.isEmpty {
                if Self.principal(at: last, of: merged, begins: takesFirst ? first : second, start, next) {
                    merged.removeSubrange(last...)
                } else {
                    merged.append(Separator.principal)
                    last = merged.count
                }
            }
            for place in start..<next { merged.append(takesFirst ? first[place] : second[place]) }
            if takesFirst { i = next + 1 } else { j = next + 1 }
        }
        return Clause(encoded: merged)
    }

    /// Whether the principal at `i` comes before the one at `j`, or the second clause is at its end.
    private static func precedes(_ first: Span<UInt8>, _ i: Int, _ second: Span<UInt8>, _ j: Int) -> Bool {
        guard i < first.count else { return false }
        guard j < second.count else { return true }
        var offset = 0
        while true {
            let left = i + offset < first.count ? first[i + offset] : Separator.principal
            let right = j + offset < second.count ? second[j + offset] : Separator.principal
            if left != right || left == Separator.principal { return left < right }
            offset += 1
        }
    }

    /// Whether the principal from `last` to the end of `merged` implies, or is, the one at `start..<end`.
    private static func principal(
        at last: Int, of merged: [UInt8], begins bytes: Span<UInt8>, _ start: Int, _ end: Int
    ) -> Bool {
        let count = merged.count - last
        guard count <= end - start, count == end - start || bytes[start + count] == Separator.token else {
            return false
        }
        for offset in 0..<count where merged[last + offset] != bytes[start + offset] { return false }
        return true
    }
}
