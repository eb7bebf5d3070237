import Client
import Testing

@Suite struct PercentCodingTests {
    @Test func codeIsEncodedAsPythonDoesIt() {
        #expect(
            PercentCoding.encode("def f(x):\n    return 'ü'/2 ~_.-")
                == "def%20f%28x%29%3A%0A%20%20%20%20return%20%27%C3%BC%27/2%20~_.-")
    }

    @Test(arguments: ["", "a b+c%", "日本語\n\t", "%25 %zz %4"])
    func decodingUndoesEncoding(_ text: String) {
        #expect(PercentCoding.decode(PercentCoding.encode(text)) == text)
    }

    @Test func malformedEscapesStay() {
        #expect(PercentCoding.decode("100%+%zz%4") == "100%+%zz%4")
    }
}
