import Model
import Testing

@Suite struct StateKeyTests {
    private let tenant = Namespace.default

    @Test func `a name has 1 to 512 bytes of UTF-8 without NUL`() throws {
        for name in ["", "a\u{0}b", String(repeating: "a", count: 513), String(repeating: "é", count: 257)] {
            #expect(throws: InvalidStateKey.self) { try StateKey(tenant: tenant, name: name) }
        }
        #expect(throws: InvalidStateKey.self) { try StateKey(tenant: tenant, utf8: [0xC3]) }
        #expect(throws: InvalidStateKey.self) { try StateKey(tenant: tenant, utf8: [0xED, 0xA0, 0x80]) }
        for name in [" ", "/", "..", "a\n", String(repeating: "é", count: 256)] {
            #expect(try StateKey(tenant: tenant, name: name) == StateKey(tenant: tenant, utf8: Array(name.utf8)))
        }
    }

    @Test func `keys are the same where their bytes are`() throws {
        let (composed, decomposed) = (
            try StateKey(tenant: tenant, name: "\u{E9}"), try StateKey(tenant: tenant, name: "e\u{301}")
        )
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed, composed]).count == 2)
        #expect(decomposed < composed)
        let other = try StateKey(tenant: Namespace("other"), name: "\u{E9}")
        #expect(composed != other)
        #expect(composed < other)
    }
}
