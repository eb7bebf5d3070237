import Labels
import SandboxTesting
import Testing

/// Laws that hold for all labels and privileges.
@Suite struct LatticeTests {
    struct Sample: CustomStringConvertible {
        let a, b, c: Label
        let p, q: Component

        init(using generator: inout SeededGenerator) throws {
            var components: [Component] = []
            for _ in 0..<8 { components.append(try RawFormula.random(using: &generator).component()) }
            a = Label(secrecy: components[0], integrity: components[1])
            b = Label(secrecy: components[2], integrity: components[3])
            c = Label(secrecy: components[4], integrity: components[5])
            p = components[6]
            q = components[7]
        }

        var description: String { "\(a); \(b); \(c) by \(p) or \(q)" }
    }

    private func check(_ seed: UInt64, _ law: (Sample) throws -> Bool) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<400 {
            let sample = try Sample(using: &generator)
            #expect(try law(sample), "\(sample), seed \(seed)")
        }
    }

    @Test func `flow is a partial order between bottom and top`() throws {
        try check(11) { $0.a.canFlow(to: $0.a) && $0.a.canFlow(to: .top) && Label.bottom.canFlow(to: $0.a) }
        try check(12) { !($0.a.canFlow(to: $0.b) && $0.b.canFlow(to: $0.a)) || $0.a == $0.b }
        try check(13) { !($0.a.canFlow(to: $0.b) && $0.b.canFlow(to: $0.c)) || $0.a.canFlow(to: $0.c) }
    }

    @Test func `join is the least upper bound`() throws {
        try check(14) { try $0.a.canFlow(to: $0.a.join($0.b)) && $0.b.canFlow(to: $0.a.join($0.b)) }
        try check(15) {
            try $0.a.join($0.b).canFlow(to: $0.c) == ($0.a.canFlow(to: $0.c) && $0.b.canFlow(to: $0.c))
        }
    }

    @Test func `meet is the greatest lower bound`() throws {
        try check(16) { try $0.a.meet($0.b).canFlow(to: $0.a) && $0.a.meet($0.b).canFlow(to: $0.b) }
        try check(17) {
            try $0.c.canFlow(to: $0.a.meet($0.b)) == ($0.c.canFlow(to: $0.a) && $0.c.canFlow(to: $0.b))
        }
    }

    @Test func `join and meet are commutative, associative, idempotent, absorbing and distributive`() throws {
        try check(18) { try $0.a.join($0.b) == $0.b.join($0.a) && $0.a.meet($0.b) == $0.b.meet($0.a) }
        try check(19) { try $0.a.join($0.b).join($0.c) == $0.a.join($0.b.join($0.c)) }
        try check(20) { try $0.a.meet($0.b).meet($0.c) == $0.a.meet($0.b.meet($0.c)) }
        try check(21) { try $0.a.join($0.a) == $0.a && $0.a.meet($0.a) == $0.a }
        try check(22) { try $0.a.join($0.a.meet($0.b)) == $0.a && $0.a.meet($0.a.join($0.b)) == $0.a }
        try check(23) { try $0.a.meet($0.b.join($0.c)) == $0.a.meet($0.b).join($0.a.meet($0.c)) }
        try check(24) { try $0.a.join(.bottom) == $0.a && $0.a.meet(.top) == $0.a }
    }

    @Test func `flow agrees with join and meet`() throws {
        try check(25) { try $0.a.canFlow(to: $0.b) == ($0.a.join($0.b) == $0.b) }
        try check(26) { try $0.a.canFlow(to: $0.b) == ($0.a.meet($0.b) == $0.a) }
    }

    @Test func `privilege only adds flows, more of it more, and false all`() throws {
        try check(31) { !$0.a.canFlow(to: $0.b) || $0.a.canFlow(to: $0.b, with: $0.p) }
        try check(32) {
            !($0.p.implies($0.q) && $0.a.canFlow(to: $0.b, with: $0.q)) || $0.a.canFlow(to: $0.b, with: $0.p)
        }
        try check(33) { $0.a.canFlow(to: $0.b, with: .false) }
        try check(34) {
            !($0.a.canFlow(to: $0.b, with: $0.p) && $0.b.canFlow(to: $0.c, with: $0.p))
                || $0.a.canFlow(to: $0.c, with: $0.p)
        }
    }

    @Test func `downgrading reaches all that the privilege may reach, and nothing else`() throws {
        try check(35) { try $0.a.canFlow(to: $0.a.downgraded(with: $0.p), with: $0.p) }
        try check(36) {
            try $0.a.canFlow(to: $0.b, with: $0.p) == $0.a.downgraded(with: $0.p).canFlow(to: $0.b)
        }
        try check(37) { try $0.a.downgraded(with: $0.p).downgraded(with: $0.p) == $0.a.downgraded(with: $0.p) }
        try check(38) { try $0.a.downgraded(with: .true) == $0.a }
    }

    @Test func `declassifying and endorsing are flows that the privilege allows`() throws {
        try check(39) { sample in
            let target = Label(secrecy: sample.b.secrecy, integrity: sample.a.integrity)
            let lowered = sample.a.declassified(to: sample.b.secrecy, with: sample.p)
            return lowered == (sample.a.canFlow(to: target, with: sample.p) ? target : nil)
        }
        try check(40) { sample in
            guard let raised = try sample.a.endorsed(by: sample.q, with: sample.p) else {
                return !sample.p.implies(sample.q)
            }
            return sample.a.canFlow(to: raised, with: sample.p) && raised.canFlow(to: sample.a)
                && raised.integrity.implies(sample.q)
        }
        try check(41) { try $0.a.endorsed(by: $0.p, with: $0.p) == $0.a.endorsed(with: $0.p) }
    }

    @Test func `a delegate's privilege is implied by the delegator's`() throws {
        try check(42) { try $0.p.implies($0.p.delegated(to: ["x", "z"])) }
    }

    @Test func `printing and parsing give the same label`() throws {
        try check(43) { try Label(parsing: $0.a.description) == $0.a }
    }
}
