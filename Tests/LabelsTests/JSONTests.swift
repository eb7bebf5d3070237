import Foundation
import Labels
import SandboxTesting
import Testing

@Suite struct JSONTests {
    private func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private func decoded<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    @Test(arguments: [
        ("F", #""DCFalse""#), ("T", #"{"DCFormula":[]}"#), ("a", #"{"DCFormula":[[["a"]]]}"#),
        ("a/x|b&c", #"{"DCFormula":[[["a","x"],["b"]],[["c"]]]}"#), (#"\T"#, #"{"DCFormula":[[["T"]]]}"#),
    ])
    func `a component has its form`(_ text: String, _ form: String) throws {
        let component = try Component(parsing: text)
        #expect(try json(component) == form)
        #expect(try decoded(Component.self, form) == component)
    }

    @Test func `a label has two components`() throws {
        let label = try Label(parsing: "alice,F")
        #expect(try json(label) == #"{"integrity":"DCFalse","secrecy":{"DCFormula":[[["alice"]]]}}"#)
    }

    @Test func `what is decoded is canonical`() throws {
        let component = try decoded(Component.self, #"{"DCFormula":[[["b"]],[["a","x"]],[["a"],["a"]]]}"#)
        #expect(component.description == "a&b")
    }

    @Test(arguments: [
        #""DCTrue""#, "null", "1", "[]", "{}", #"{"DCFormula":null}"#, #"{"DCFormula":[[]]}"#, #"{"DCFormula":[[[]]]}"#,
        #"{"DCFormula":[[[""]]]}"#, #"{"DCFormula":[[["a\n"]]]}"#, #"{"DCFormula":[[["\u0001"]]]}"#,
        #"{"DCFormula":[["a"]]}"#, #"{"DCFormula":[[[1]]]}"#,
    ])
    func `anything else is refused`(_ text: String) {
        #expect(throws: DecodingError.self) { try decoded(Component.self, text) }
        #expect(throws: DecodingError.self) {
            try decoded(Label.self, #"{"secrecy":\#(text),"integrity":"DCFalse"}"#)
        }
    }

    @Test func `labels come back from their JSON`() throws {
        var generator = SeededGenerator(seed: 51)
        for _ in 0..<300 {
            let label = Label(
                secrecy: try RawFormula.random(using: &generator).component(),
                integrity: try RawFormula.random(using: &generator).component())
            #expect(try decoded(Label.self, json(label)) == label)
        }
    }
}
