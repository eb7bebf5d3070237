import Labels
import SandboxTesting
import Testing

/// Formulas against the truth tables of what was written.
@Suite struct OracleTests {
    private static let rounds = 500

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `implication is truth in every world`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<Self.rounds {
            let (a, b, p) = (
                RawFormula.random(using: &generator), RawFormula.random(using: &generator),
                RawFormula.random(using: &generator)
            )
            let (first, second, privilege) = (try a.component(), try b.component(), try p.component())
            #expect(first.implies(second) == RawFormula.implies([a], b), "\(first) => \(second), seed \(seed)")
            #expect(
                first.implies(second, with: privilege) == RawFormula.implies([a, p], b),
                "\(first) and \(privilege) => \(second), seed \(seed)")
        }
    }

    @Test(arguments: [4, 5] as [UInt64])
    func `conjunction and disjunction have the right truth table`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<Self.rounds {
            let (a, b) = (RawFormula.random(using: &generator), RawFormula.random(using: &generator))
            let (first, second) = (try a.component(), try b.component())
            let both = zip(a.truthTable, b.truthTable)
            #expect(try first.and(second).raw.truthTable == both.map { $0 && $1 }, "\(first), \(second), seed \(seed)")
            #expect(try first.or(second).raw.truthTable == both.map { $0 || $1 }, "\(first), \(second), seed \(seed)")
        }
    }

    @Test(arguments: [6, 7] as [UInt64])
    func `equal meaning is equality, and equal text and hash`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var seen: [[Bool]: Component] = [:]
        for _ in 0..<Self.rounds {
            let raw = RawFormula.random(using: &generator)
            let component = try raw.component()
            #expect(component.raw.truthTable == raw.truthTable, "\(component), seed \(seed)")
            let known = seen[raw.truthTable, default: component]
            seen[raw.truthTable] = component
            #expect(known == component && known.hashValue == component.hashValue, "\(component), seed \(seed)")
            #expect(known.description == component.description, "seed \(seed)")
        }
        #expect(Set(seen.values.map(\.description)).count == seen.count, "seed \(seed)")
    }

    @Test func `flow with privilege is what the implications say`() throws {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<Self.rounds {
            let raw = (0..<5).map { _ in RawFormula.random(using: &generator) }
            let parts = try raw.map { try $0.component() }
            let source = Label(secrecy: parts[0], integrity: parts[1])
            let target = Label(secrecy: parts[2], integrity: parts[3])
            let expected =
                RawFormula.implies([raw[2], raw[4]], raw[0]) && RawFormula.implies([raw[1], raw[4]], raw[3])
            #expect(source.canFlow(to: target, with: parts[4]) == expected, "\(source) -> \(target) by \(parts[4])")
            #expect(source.obstacles(to: target, with: parts[4]).isEmpty == expected)
        }
    }
}
