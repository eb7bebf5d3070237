import Labels
import Testing

@testable import LabelledFiles

@Suite struct PathTests {
    /// The steps that alice, under a label, takes.
    private func steps(_ text: String) throws -> [String] {
        try FilePath(parsing: text).steps(label: label("bob,T"), privilege: component("alice")).map { step in
            [step.name, step.facet.map { "<\($0)>" }].compactMap { $0 }.joined(separator: "|")
        }
    }

    @Test(
        arguments: [
            ("", []), (":", []), ("a", ["a"]), (":a", ["a"]), ("a:", ["a"]), (":a:b:", ["a", "b"]),
            ("home:<alice,alice>:p.jpg", ["home", "<alice,alice>", "p.jpg"]),
            ("home:alice,alice:p.jpg", ["home", "alice,alice|<alice,alice>", "p.jpg"]),
            ("~", ["home", "<alice,alice>"]), ("~:x", ["home", "<alice,alice>", "x"]),
            (":~:x", ["home", "<alice,alice>", "x"]),
            ("home:%:x", ["home", "<bob,T>", "x"]), (#"a\:b:c\\"#, ["a:b", #"c\"#]),
            (#"home:<a\:b,T>:x"#, ["home", #"<a\:b,T>"#, "x"]), (#"home:a\,b,T"#, ["home", #"<a\,b,T>"#]),
            ("home:<b&a,T>", ["home", "<a&b,T>"]), ("a b:é", ["a b", "é"]), ("<a", ["<a"]), ("~x:%y", ["~x", "%y"]),
        ] as [(String, [String])])
    func `a string is read as components`(_ text: String, _ expected: [String]) throws {
        #expect(try steps(text) == expected)
    }

    @Test(arguments: [
        "::", "a::b", "a::", "::a", "a:~", "a:~:b", "home:<alice>", "home:<>", "<a,b,c>", #"a\b"#, #"a\"#, "a:\u{0}",
        String(repeating: "a", count: 256), String(repeating: "a:", count: 300), String(repeating: "a", count: 70_000),
        #"\~:a\:\%"#,
    ])
    func `what is no path is refused`(_ text: String) {
        #expect(throws: FileRefusal(.badPath)) { try FilePath(parsing: text) }
    }

    @Test func `a list takes names as they are`() throws {
        let list = try FilePath([.text("home"), .facet(label("alice,T")), .text("a:b\\"), .text("<bob,T>"), .text("%")])
        let steps = try list.steps(label: .public, privilege: component("alice"))
        #expect(steps.map(\.name) == ["home", nil, "a:b\\", nil, nil])
        #expect(try steps.map(\.facet) == [nil, label("alice,T"), nil, label("bob,T"), .public])
        #expect(try FilePath([.text("~"), .text("x")]) == FilePath(parsing: "~:x"))
        for items: [FilePath.Item] in [[.text("")], [.text("a"), .text("~")], [.text("<x>")], [.text("\u{0}")]] {
            #expect(throws: FileRefusal(.badPath)) { try FilePath(items) }
        }
    }

    @Test(arguments: ["a:b", #"a\:b:c\\"#, "~:x:%", "home:<alice,T>:x", "x\\\\\u{301}\\:\u{745}:A"])
    func `a path is written as it is read`(_ text: String) throws {
        #expect(try FilePath(parsing: text).description == text)
    }
}
