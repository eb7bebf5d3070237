import Testing

@testable import Identity

struct Base64URLTests {
    @Test func `bytes of every length come back`() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 91 + count) }
            #expect(Base64URL.bytes(Base64URL.text(bytes)) == bytes)
        }
    }

    @Test func `the vectors of RFC 4648 hold, without padding`() {
        let vectors = [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE")]
        for (plain, text) in vectors {
            #expect(Base64URL.text(plain.utf8) == text)
            #expect(Base64URL.bytes(text) == Array(plain.utf8))
        }
        #expect(Base64URL.text([0xFB, 0xFF]) == "-_8")
    }

    /// A token must have one text only.
    @Test(arguments: ["A", "Zg==", "Zh", "Zm9", "+/8", "Z g", "Zg\n", "Zü", "AAAAA"])
    func `another spelling is refused`(_ text: String) {
        #expect(Base64URL.bytes(text) == nil)
    }
}
