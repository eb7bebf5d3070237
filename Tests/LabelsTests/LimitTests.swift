import Labels
import Testing

@Suite struct LimitTests {
    private func names(_ count: Int, prefix: String = "p") -> [String] { (0..<count).map { "\(prefix)\($0)" } }

    private func isTooLarge(_ text: String) -> Bool {
        do {
            _ = try Label(parsing: text)
            return false
        } catch {
            return error.code == .tooLarge && error.position != nil
        }
    }

    @Test func `what is as large as may be is accepted, and one more is not`() {
        let token = String(repeating: "a", count: LabelLimits.maximumTokenBytes)
        #expect(!isTooLarge("\(token),T") && isTooLarge("\(token)a,T"))
        #expect(isTooLarge(String(repeating: "é", count: LabelLimits.maximumTokenBytes / 2 + 1) + ",T"))
        let tokens = names(LabelLimits.maximumTokens + 1)
        #expect(!isTooLarge(tokens.dropLast().joined(separator: "/") + ",T"))
        #expect(isTooLarge(tokens.joined(separator: "/") + ",T"))
        let principals = names(LabelLimits.maximumPrincipals + 1)
        #expect(!isTooLarge(principals.dropLast().joined(separator: "|") + ",T"))
        #expect(isTooLarge(principals.joined(separator: "|") + ",T"))
        let clauses = names(LabelLimits.maximumClauses + 1)
        #expect(!isTooLarge(clauses.dropLast().joined(separator: "&") + ",T"))
        #expect(isTooLarge(clauses.joined(separator: "&") + ",T"))
    }

    @Test func `bytes are bounded for principal, component and text`() throws {
        let token = String(repeating: "a", count: 240)
        #expect(isTooLarge(Array(repeating: token, count: 9).joined(separator: "/") + ",T"))
        #expect(isTooLarge((0..<9).map { token + "\($0)" }.joined(separator: "&") + ",T"))
        #expect(isTooLarge(String(repeating: "a", count: LabelLimits.maximumTextBytes + 1)))
        // The largest component of which every character needs an escape can still be read.
        let blanks = (0..<8).map { String(repeating: " ", count: 200) + "\($0)" }
        let component = try Component(formula: blanks.map { [[$0]] })
        #expect(try Component(parsing: component.description) == component)
    }

    @Test func `results are bounded too, in both orders`() throws {
        let half = LabelLimits.maximumClauses / 2 + 1
        let a = try Component(formula: names(half, prefix: "a").map { [[$0]] })
        let b = try Component(formula: names(half, prefix: "b").map { [[$0]] })
        for (first, second) in [(a, b), (b, a)] {
            #expect(throws: LabelError.self) { try first.and(second) }
            #expect(throws: LabelError.self) { try first.or(second) }
            #expect(throws: LabelError.self) { try Label.owned(by: first).join(Label.owned(by: second)) }
        }
        let wideA = try Component(formula: [names(half, prefix: "a").map { [$0] }])
        let wideB = try Component(formula: [names(half, prefix: "b").map { [$0] }])
        #expect(throws: LabelError.self) { try wideA.or(wideB) }
        #expect(try wideA.and(wideB).implies(wideB))
    }

    @Test func `a large component still joins with what it implies`() throws {
        let all = try Component(formula: names(LabelLimits.maximumClauses).map { [[$0]] })
        let one = try Component(parsing: "p1")
        #expect(try all.and(one) == all && all.or(one) == one && all.and(all) == all && all.or(all) == all)
    }

    @Test func `nothing is made of nothing`() {
        #expect(throws: LabelError.self) { try Principal([]) }
        #expect(throws: LabelError.self) { try Principal(["a", ""]) }
        #expect(throws: LabelError.self) { try Clause([]) }
        #expect(throws: LabelError.self) { try Component(formula: [[]]) }
    }
}
