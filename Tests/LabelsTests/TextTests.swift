import Labels
import SandboxTesting
import Testing

@Suite struct TextTests {
    @Test(arguments: [
        ("", LabelError.Code.empty, 0), ("a", .comma, 1), ("T", .comma, 1), ("a,", .empty, 2), (",a", .empty, 0),
        (",", .empty, 0), ("a,b,c", .comma, 3), ("T,T,", .comma, 3), ("a&,T", .empty, 2), ("&a,T", .empty, 0),
        ("a|,T", .empty, 2), ("a||b,T", .empty, 2), ("a//b,T", .empty, 2), ("/a,T", .empty, 0), ("a/,T", .empty, 2),
        ("T&a,T", .constant, 0), ("a&T,T", .constant, 2), ("a|F,T", .constant, 2), ("a,F|b", .constant, 2),
        ("a,T junk", .character, 3), ("a , T", .character, 1), (" a,T", .character, 0), ("a,T ", .character, 3),
        ("a,T\n", .character, 3), ("a\u{0},T", .character, 1), ("a\u{7F},T", .character, 1),
        ("a\u{85},T", .character, 1), ("a\u{A0}b,T", .character, 1), ("a,b\u{2028}", .character, 3),
        ("<a,T>", .character, 0), ("a:b,T", .character, 1), ("é:b,T", .character, 1), ("a\u{301}:b,T", .character, 2),
        (#"a\"#, .escape, 1), (#"a\x,T"#, .escape, 1), ("a\\\n,T", .escape, 1), ("a\\\t,T", .escape, 1),
    ])
    func `an error names the first thing that is wrong and its place`(
        _ text: String, _ code: LabelError.Code, _ position: Int
    ) throws {
        let error = try #require(throws: LabelError.self) { try Label(parsing: text) }
        #expect(error.code == code, "\(error)")
        #expect(error.position == position, "\(error)")
        #expect(error.message.hasSuffix("."))
        #expect(error.description == "\(error.message) (at position \(position))")
    }

    @Test(arguments: [
        (#"\T,\F"#, ["T"]), (#"T/x,T"#, ["T", "x"]), (#"\Tom,T"#, ["Tom"]), ("Fred,T", ["Fred"]),
        (#"a\ b,T"#, ["a b"]), (#"\\\,\|\&\/\:\<\>,T"#, [#"\,|&/:<>"#]), ("a\\\u{2003}b,T", ["a\u{2003}b"]),
        ("~/%,T", ["~", "%"]), ("ü/日本,T", ["ü", "日本"]), ("google/bob@example.org,T", ["google", "bob@example.org"]),
    ])
    func `tokens may hold everything but control characters`(_ text: String, _ tokens: [String]) throws {
        #expect(try Label(parsing: text).secrecy == Component(Principal(tokens)))
    }

    @Test(arguments: [
        ("b&a,b|a", "a&b,a|b"), ("a&a,T", "a,T"), ("a|a,T", "a,T"), (#"\Tom,T"#, "Tom,T"), (#"T/x,T"#, "T/x,T"),
        ("ab&a!&a/x,T", "a/x&a!&ab,T"), ("a|b&a,T", "a,T"), ("b/x|a|b&b|c,T", "a|b/x&b|c,T"),
        (#"\T|a,\F&b"#, #"\T|a,\F&b"#),
    ])
    func `printing is canonical`(_ text: String, _ canonical: String) throws {
        let label = try Label(parsing: text)
        #expect(label.description == canonical)
        #expect(try Label(parsing: canonical) == label)
    }

    @Test func `tokens are compared by their bytes`() throws {
        #expect(try Label(parsing: "\u{E9},T") != Label(parsing: "e\u{301},T"))
        #expect(try !Component(parsing: "\u{E9}").implies(Component(parsing: "e\u{301}")))
    }

    @Test func `a component has no comma`() throws {
        let error = try #require(throws: LabelError.self) { try Component(parsing: "a,b") }
        #expect(error.code == .comma && error.position == 1)
        #expect(try Component(parsing: "a&b/c").description == "a&b/c")
    }

    @Test(arguments: [21, 22] as [UInt64])
    func `any principal is read as it was printed`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("TFab,|&/\\:<> \u{A0}\u{2028}é日🙂".unicodeScalars)
        for _ in 0..<2000 {
            let tokens = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                var token = String.UnicodeScalarView()
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    token.append(alphabet.randomElement(using: &generator) ?? "a")
                }
                return String(token)
            }
            let component = try Component(Principal(tokens))
            #expect(try Component(parsing: component.description) == component, "\(tokens), seed \(seed)")
            #expect(
                component.raw.clauses?.first?.first.map { $0.map { Array($0.utf8) } } == tokens.map { Array($0.utf8) })
        }
    }

    @Test func `a policy is written as a label is`() throws {
        let policy = try Policy(parsing: "alice/thumb,T")
        #expect(policy.privilege.description == "alice/thumb" && policy.clearance == .true)
        #expect(policy.description == "alice/thumb,T")
        #expect(throws: LabelError.self) { try Policy(parsing: "alice") }
    }
}
