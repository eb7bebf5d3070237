import Model
import Testing

@Suite struct TomlFileTests {
    private let sample = """
        # whom to ask
        server = "http://h:1"  # the first

        [global]
        'a b' = 'c:\\d'

        ["http://h:1"]
        alice = "A\\u00e9\\"\\\\\\t"
        "alice/app" = 'B'
        """

    @Test func tablesAndStringsAreRead() throws {
        let file = try TomlFile(parsing: sample)
        #expect(file["server"] == "http://h:1")
        #expect(file["global", "a b"] == #"c:\d"#)
        #expect(file["http://h:1", "alice"] == "Aé\"\\\t")
        #expect(file.keys(of: ["http://h:1"]) == ["alice", "alice/app"])
        #expect(file.tables == [["global"], ["http://h:1"]])
        #expect(file["http://h:1", "bob"] == nil)
    }

    @Test func aChangeLeavesTheOtherLines() throws {
        var file = try TomlFile(parsing: sample)
        file.set(["http://h:1"], "alice", to: "new")
        file.set(["global"], "user", to: "x")
        file.set(["http://other"], "bob", to: "b\n")
        let lines = file.text.split(separator: "\n").map(String.init)
        #expect(lines.contains("# whom to ask") && lines.contains(#"server = "http://h:1"  # the first"#))
        #expect(lines.contains(#"alice = "new""#) && lines.contains(#"bob = "b\u000a""#))
        let again = try TomlFile(parsing: file.text)
        #expect(again["global", "user"] == "x" && again["http://h:1", "alice"] == "new")
        #expect(again["http://other", "bob"] == "b\n" && again == file)
    }

    @Test func anEmptyFileTakesATableAndATopLevelValue() throws {
        var file = TomlFile()
        file.set(["http://h"], "default", to: "t")
        file.set([], "server", to: "http://h")
        #expect(file.text == "server = \"http://h\"\n[\"http://h\"]\ndefault = \"t\"\n")
        #expect(try TomlFile(parsing: file.text) == file)
    }

    @Test func aValueUnderADottedKeyIsReplacedWhereItIs() throws {
        var file = try TomlFile(parsing: "global.server = 'a'\r\n")
        #expect(file["global", "server"] == "a")
        file.set(["global"], "server", to: "b")
        #expect(file.text == "global.server = \"b\"\n")
    }

    @Test(arguments: [
        ("a = 1", 1), ("[[a]]", 1), ("a = \"x", 1), ("\n[a", 2), ("a = \"\"\"x\"\"\"", 1), ("a \"b\"", 1),
        ("= \"b\"", 1),
        ("a = \"b\" c", 1), ("a = \"\\q\"", 1), ("a = \"\\ud800\"", 1), ("a='1'\na='2'", 2), ("[a]\n[a]", 2),
        ("a = \"\u{1}\"", 1), ("# \u{7F}", 1), ("a. = 'x'", 1), ("a = {}", 1),
    ])
    func everythingElseIsRefusedWithItsLine(_ text: String, _ line: Int) {
        let failure = #expect(throws: TomlFile.Failure.self) { try TomlFile(parsing: text) }
        #expect(failure?.line == line)
    }
}
