import Client
import Testing

@Suite struct JSONTests {
    @Test func orderAndDigitsSurvive() throws {
        let text = #"{"z":1.50,"a":[1e3,-0,true,null],"m":{"b":"x","a":"y"},"e":{},"l":[]}"#
        #expect(try JSON(parsing: text).compact == text)
    }

    @Test func prettyTextIsThatOfPython() throws {
        let expected = """
            {
                "a": [
                    1,
                    "ü"
                ],
                "b": {},
                "c": []
            }
            """
        #expect(try JSON(parsing: #"{"a": [1, "\u00fc"], "b": {}, "c": []}"#).pretty == expected)
    }

    @Test func escapesAreUndone() throws {
        let json = try JSON(parsing: #""\" \\ \/ \b\f\n\r\t \u0041 \ud83d\ude00 \ud83d""#)
        #expect(json == .string("\" \\ / \u{8}\u{C}\n\r\t A 😀 \u{FFFD}"))
    }

    @Test func controlCharactersAreEscaped() {
        #expect(JSON.string("a\u{1B}[31m\u{7F}\n").compact == #""a\u001b[31m\u007f\n""#)
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "01", "1.", "-", "1e", "tru", "nullx", "\"", "\"\u{1}\"",
        "\"\\x\"",
        "\"\\u12g4\"", "[1] 2", "'a'", "{a:1}", "NaN", String(repeating: "[", count: 1000),
    ])
    func whatIsNoJSONIsRefused(_ text: String) {
        #expect(throws: JSON.ParseError.self) { try JSON(parsing: text) }
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect(throws: JSON.ParseError.self) { try JSON(parsing: [0x22, 0xFF, 0x22]) }
    }

    @Test func membersAreFoundByName() throws {
        let json = try JSON(parsing: #"{"a": "x", "b": ["y"]}"#)
        #expect(json["a"]?.string == "x")
        #expect(json["b"]?.array == ["y"])
        #expect(json["c"] == nil)
        #expect(JSON.null["a"] == nil)
    }
}
