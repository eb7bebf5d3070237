import Labels
import Testing

/// The test vectors that the labels of Faasten are specified by.
@Suite struct VectorTests {
    @Test(arguments: [
        "T,T", "F,T", "alice,T", "Tom,Tom", "a&b,a|b", "alice/app/fn,T", #"a\,b,T"#, #"\T,T"#,
    ])
    func `a label is parsed and printed as it was written`(_ text: String) throws {
        #expect(try Label(parsing: text).description == text)
    }

    @Test(arguments: [
        "", "a", "a,", ",a", "a,b,c", "a&,T", "a//b,T", "a|,T", "T&a", "T&a,T", "a,T junk", "a , T",
    ])
    func `what is no label is refused`(_ text: String) {
        #expect(throws: LabelError.self) { try Label(parsing: text) }
    }

    @Test func `escapes and names that begin like constants have their own value`() throws {
        #expect(try Label(parsing: #"a\,b,T"#).secrecy == Component(Principal(["a,b"])))
        #expect(try Label(parsing: #"\T,T"#).secrecy == Component(Principal(["T"])))
        #expect(try Label(parsing: "a,Tom").integrity == Component(Principal(["Tom"])))
        #expect(try Label(parsing: "a,Tom") != Label(parsing: "a,T"))
        #expect(try Label(parsing: "a|a/x,T") == Label(parsing: "a/x,T"))
        #expect(try Label(parsing: "a&a/x,T") == Label(parsing: "a,T"))
    }

    @Test(arguments: [
        ("alice", "alice/app", true), ("alice", "alice|bob", true), ("alice&bob", "alice", true),
        ("F", "alice", true), ("alice", "T", true), ("T", "T", true), ("F", "F", true), ("F", "T", true),
        ("alice/app", "alice", false), ("alice|bob", "alice", false), ("alice", "alice&bob", false),
        ("T", "alice", false), ("alice", "F", false), ("T", "F", false),
    ])
    func `implication`(_ premise: String, _ conclusion: String, _ expected: Bool) throws {
        #expect(try Component(parsing: premise).implies(Component(parsing: conclusion)) == expected)
    }

    @Test(arguments: [
        ("alice,alice/fn", "alice,T", true), ("T,alice", "T,alice/fn", true), ("alice/x,T", "alice,T", true),
        ("a|b,T", "a,T", true), ("a,T", "a&b,T", true), ("T,a", "T,a|b", true), ("T,a&b", "T,a", true),
        ("T,F", "F,T", true),
        ("T,T", "alice,alice", false), ("alice,alice", "T,T", false), ("T,alice/fn", "T,alice", false),
        ("alice,T", "alice/x,T", false), ("a,T", "a|b,T", false), ("a&b,T", "a,T", false),
        ("T,a|b", "T,a", false), ("F,T", "T,F", false),
    ])
    func `flow`(_ source: String, _ target: String, _ expected: Bool) throws {
        let source = try Label(parsing: source)
        let target = try Label(parsing: target)
        #expect(source.canFlow(to: target) == expected)
        #expect(source.canFlow(to: target, with: .true) == expected)
    }

    @Test(arguments: [
        ("alice,T", "T,T", "alice", true), ("alice,T", "T,alice", "alice", true),
        ("alice/x,T", "T,T", "alice", true), ("alice|bob,T", "T,T", "alice", true),
        ("alice&bob,T", "bob,alice", "alice", true), ("F,T", "T,F", "F", true),
        ("alice,T", "alice,alice/app", "alice/app", true),
        ("alice,T", "T,T", "alice/x", false), ("alice&bob,T", "T,T", "alice", false),
        ("alice|bob,T", "T,T", "carol", false), ("F,T", "T,T", "alice", false),
        ("alice,T", "T,alice/app", "alice/app", false), ("alice,T", "alice,alice", "alice/app", false),
    ])
    func `flow with privilege`(_ source: String, _ target: String, _ privilege: String, _ expected: Bool) throws {
        let source = try Label(parsing: source)
        #expect(try source.canFlow(to: Label(parsing: target), with: Component(parsing: privilege)) == expected)
    }

    @Test(arguments: [
        ("alice&bob,T", "alice", "bob,alice"), ("alice|bob,T", "alice", "T,alice"), ("alice/x,T", "alice", "T,alice"),
        ("alice,T", "alice/x", "alice,alice/x"), ("alice,T", "T", "alice,T"), ("F,T", "alice", "F,alice"),
        ("F,T", "F", "T,F"),
    ])
    func `downgrade`(_ label: String, _ privilege: String, _ expected: String) throws {
        let label = try Label(parsing: label)
        #expect(try label.downgraded(with: Component(parsing: privilege)).description == expected)
    }

    @Test(arguments: [
        ("a,a", "b,b", "a&b,a|b"), ("a,c&d", "b,a", "a&b,a|c&a|d"), ("a,a", "b,c&d", "a&b,a|c&a|d"),
        ("a,a&b", "c,c&d", "a&c,a|c&a|d&b|c&b|d"), ("a,T", "a/x,T", "a,T"), ("T,F", "T,alice", "T,alice"),
        ("T,T", "T,F", "T,T"),
    ])
    func `join, in both orders`(_ first: String, _ second: String, _ expected: String) throws {
        let first = try Label(parsing: first)
        let second = try Label(parsing: second)
        #expect(try first.join(second).description == expected)
        #expect(try second.join(first).description == expected)
    }
}
