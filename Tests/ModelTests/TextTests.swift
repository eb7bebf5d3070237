import Model
import Testing

@Suite struct TextTests {
    @Test func codeIsEncodedAsPythonDoesIt() {
        #expect(
            PercentCoding.encoded("def f(x):\n    return 'ü'/2 ~_.-")
                == "def%20f%28x%29%3A%0A%20%20%20%20return%20%27%C3%BC%27/2%20~_.-")
        #expect(PercentCoding.encoded("a/b", safe: "") == "a%2Fb")
    }

    @Test(arguments: ["", "a b+c%", "日本語\n\t", "%25 %zz %4"])
    func decodingUndoesEncoding(_ text: String) {
        #expect(PercentCoding.decoded(PercentCoding.encoded(text)) == text)
    }

    @Test func malformedEscapesStay() {
        #expect(PercentCoding.decoded("100%+%zz%4") == "100%+%zz%4")
        #expect(PercentCoding.decoded("a+b", plusIsBlank: true) == "a b")
        #expect(PercentCoding.decoded("%ff") == nil)
    }

    @Test func hexadecimalDigitsStandForBytes() {
        #expect(Hexadecimal.text([0, 0x1F, 0xFF]) == "001fff")
        #expect(Hexadecimal.bytes("001fFF") == [0, 0x1F, 0xFF])
        #expect(Hexadecimal.bytes("") == [] && Hexadecimal.bytes("abc") == nil && Hexadecimal.bytes("0g") == nil)
    }
}
