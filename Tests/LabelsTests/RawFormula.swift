import Labels
import SandboxTesting

/// A formula as somebody may write it: nothing is reduced or sorted. Nil clauses mean false.
struct RawFormula: Hashable {
    typealias Path = [String]

    var clauses: [[Path]]?

    /// A small world, in which `a` is the beginning of others as a text, as a path, and as neither.
    static let principals: [Path] = [["a"], ["a", "x"], ["a", "x", "y"], ["a!"], ["ab"], ["b"], ["b", "x"]]

    static func random(using generator: inout SeededGenerator) -> RawFormula {
        switch Int.random(in: 0..<12, using: &generator) {
        case 0: return RawFormula(clauses: nil)
        case 1: return RawFormula(clauses: [])
        default:
            let clauses = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                    principals.randomElement(using: &generator) ?? []
                }
            }
            return RawFormula(clauses: clauses)
        }
    }

    func component() throws -> Component {
        guard let clauses else { return .false }
        return try Component(formula: clauses)
    }

    /// The value for each way in which the principals of the world can agree, of those that delegation allows: whoever
    /// agrees, agrees for all that it delegated to.
    var truthTable: [Bool] {
        guard let clauses else { return Self.worlds.map { _ in false } }
        let members = clauses.map { clause in
            Set(clause.map { path in Self.principals.firstIndex(of: path) ?? Self.principals.endIndex })
        }
        return Self.worlds.map { agreeing in members.allSatisfy { !$0.isDisjoint(with: agreeing) } }
    }

    /// For each world the places of those who agree.
    private static let worlds: [Set<Int>] = (0..<(1 << principals.count)).compactMap { bits in
        let agreeing = Set(principals.indices.filter { bits >> $0 & 1 == 1 })
        let isClosed = principals.indices.allSatisfy { place in
            agreeing.contains(place) || !agreeing.contains { principals[place].starts(with: principals[$0]) }
        }
        return isClosed ? agreeing : nil
    }
}

extension RawFormula {
    /// Whether every world that satisfies all premises satisfies the conclusion.
    static func implies(_ premises: [RawFormula], _ conclusion: RawFormula) -> Bool {
        let tables = premises.map(\.truthTable)
        return conclusion.truthTable.enumerated().allSatisfy { world, isTrue in
            isTrue || !tables.allSatisfy { $0[world] }
        }
    }
}

extension Component {
    /// What the component says, read back from it.
    var raw: RawFormula { RawFormula(clauses: clauses?.map { $0.principals.map(\.tokens) }) }
}
