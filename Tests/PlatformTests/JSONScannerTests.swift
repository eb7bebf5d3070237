import Platform
import Testing

struct JSONScannerTests {
    @Test(arguments: [
        "{}", "[]", " { \"a\" : [1, -2.5e+3, true, false, null, \"\\u00e9\\n\"] } ", "\"x\"", "0", "-0.1", "\"é\"",
    ])
    func `takes JSON`(text: String) throws {
        var scanner = JSONScanner(Array(text.utf8))
        _ = try scanner.document()
    }

    @Test(arguments: [
        ("", 1, 1), ("{", 1, 2), ("{\"a\" 1}", 1, 6), ("{\"a\": 1,}", 1, 9), ("[1 2]", 1, 4), ("tru", 1, 1),
        ("{}x", 1, 3), ("{\n  \"a\": nul\n}", 2, 8), ("\"a", 1, 1), ("\"\\x\"", 1, 2), ("\"\\u12g4\"", 1, 2),
        ("01", 1, 2),
        ("1.", 1, 3), ("{a: 1}", 1, 2), ("\"a\nb\"", 1, 3), ("[1,]", 1, 4), ("NaN", 1, 1), ("'a'", 1, 1),
    ])
    func `says where text is not JSON`(text: String, line: Int, column: Int) {
        var scanner = JSONScanner(Array(text.utf8))
        do {
            _ = try scanner.document()
            Issue.record("took \(text)")
        } catch {
            #expect([error.line, error.column] == [line, column], "\(text): \(error.sentence)")
        }
    }

    @Test func `refuses bytes that are not UTF-8`() {
        var scanner = JSONScanner([UInt8(ascii: "\""), 0xC3, 0x28, UInt8(ascii: "\"")])
        #expect(throws: JSONFault.self) { try scanner.document() }
    }

    @Test func `refuses nesting that would exhaust the stack`() {
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        var scanner = JSONScanner(deep)
        #expect(throws: JSONFault.self) { try scanner.document() }
    }

    @Test func `hands out members as they stand`() throws {
        let bytes = Array(#" {"a\n\u00e9\ud83d\ude00": {"x": [1]}, "b": "q\"", "c": null} "#.utf8)
        var scanner = JSONScanner(bytes)
        let text = scanner
        var seen: [String] = []
        try scanner.object { key, _, range in
            seen.append("\(key)=\(String(decoding: text.bytes(in: range), as: UTF8.self))")
        }
        #expect(seen == ["a\né😀={\"x\": [1]}", "b=\"q\\\"\"", "c=null"])
    }

    @Test func `any mutation of valid text is either taken or refused, never trapped`() {
        let seed = Array(#"{"name": "h\u00e9llo", "list": [1, 2.5e3, {"x": null}], "s": "a\"b\\c"}"#.utf8)
        var generator = SeededGenerator(state: 7)
        for _ in 0..<20_000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: index)
                default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
                }
            }
            var scanner = JSONScanner(bytes)
            _ = try? scanner.document()
            var members = JSONScanner(bytes)
            let text = members
            try? members.object { _, _, range throws(JSONFault) in _ = text.string(in: range) }
        }
    }
}

/// Numbers that a seed gives again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
