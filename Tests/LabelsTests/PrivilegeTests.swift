import Labels
import Testing

@Suite struct PrivilegeTests {
    @Test(arguments: [
        ("alice", ["app"], "alice/app"), ("alice", ["app", "fn"], "alice/app/fn"), ("T", ["x"], "T"), ("F", ["x"], "F"),
        ("b|a&c", ["x"], "a/x|b&c"), ("alice", [], "alice"), ("a&a!/x", ["x"], "a/x&a!/x"), ("a", ["T"], "a/T"),
    ])
    func `tokens are appended to the first principal`(
        _ privilege: String, _ tokens: [String], _ expected: String
    ) throws {
        #expect(try Component(parsing: privilege).delegated(to: tokens).description == expected)
    }

    @Test func `a delegate's name must be a name`() throws {
        #expect(throws: LabelError.self) { try Component(parsing: "alice").delegated(to: ["a", ""]) }
        #expect(throws: LabelError.self) { try Component(parsing: "alice").delegated(to: ["a\n"]) }
    }

    @Test(
        arguments: [
            ("T", []), ("F", [[]]), ("alice/app", [["alice", "app"]]), ("admin|bob", []),
            ("a|b&c&d/e", [["c"], ["d", "e"]]),
        ] as [(String, [[String]])])
    func `invokers are the clauses of one principal`(_ privilege: String, _ invokers: [[String]]) throws {
        #expect(try Component(parsing: privilege).invokers == invokers)
    }

    @Test func `declassifying replaces the secrecy where the privilege is enough`() throws {
        let label = try Label(parsing: "alice&bob,carol")
        let alice = try Component(parsing: "alice")
        #expect(try label.declassified(to: Component(parsing: "bob"), with: alice) == Label(parsing: "bob,carol"))
        #expect(label.declassified(to: .true, with: alice) == nil)
        #expect(label.declassified(to: .false, with: .true) == Label(secrecy: .false, integrity: label.integrity))
    }

    @Test func `only one's own privilege endorses`() throws {
        let alice = try Component(parsing: "alice")
        let app = try Component(parsing: "alice/app")
        #expect(try Label.public.endorsed(by: app, with: alice) == Label(parsing: "T,alice/app"))
        #expect(try Label.public.endorsed(by: alice, with: app) == nil)
        #expect(try Label(parsing: "T,bob").endorsed(with: alice) == Label(parsing: "T,alice&bob"))
    }

    @Test func `a result sheds what the gate may declassify, and no more`() throws {
        let label = try Label(parsing: "alice&bob,T")
        let privilege = try Component(parsing: "alice&bob")
        let result = try label.resultLabel(declassifying: Component(parsing: "alice"), with: privilege)
        #expect(try result == Label(parsing: "bob,alice&bob"))
    }

    @Test func `a chain of gates has all privileges and demands all clearances`() throws {
        let chain = try Policy(parsing: "a,T").and(Policy(parsing: "b,c|d"))
        #expect(chain.description == "a&b,c|d")
        #expect(try chain.admits(Component(parsing: "d")))
        #expect(!chain.admits(.true))
    }

    @Test func `obstacles name every clause in the way`() throws {
        let source = try Label(parsing: "alice&bob,carol")
        let target = try Label(parsing: "bob,carol&dave")
        let obstacles = source.obstacles(to: target)
        #expect(obstacles.map(\.half) == [.secrecy, .integrity])
        #expect(obstacles.map(\.demand.description) == ["alice", "dave"])
        #expect(
            obstacles.map(\.description) == [
                "Who reads the source needs the consent of alice; at the target it is not asked for.",
                "The target takes only what dave vouches for; the source is not vouched for so.",
            ])
        #expect(try source.obstacles(to: target, with: Component(parsing: "alice&dave")).isEmpty)
        #expect(Label.top.obstacles(to: .bottom).map(\.demand) == [.false, .false])
    }

    @Test func `a home is its owner's`() throws {
        #expect(try Label.owned(by: Component(parsing: "alice")).description == "alice,alice")
    }
}
