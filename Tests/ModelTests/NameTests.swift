import Foundation
import Model
import Testing

@Suite struct NameTests {
    @Test(arguments: ["a", "Z9", "my-function_2.py", "...", ".hidden", "-", "rpcs", String(repeating: "x", count: 128)])
    func `a name of the allowed characters is accepted as it is`(_ text: String) throws {
        #expect(try FunctionName(text).description == text)
        #expect(try Namespace(text).description == text)
    }

    @Test(arguments: [
        "", " ", "a b", "a/b", "a\\b", "é", "a\n", "a\u{0}", "a%2f", "~", String(repeating: "x", count: 129),
        "rpc", "bulk_rpc", ".", "..",
    ])
    func `any other name is refused, and named in the error`(_ text: String) {
        #expect(throws: InvalidName.self) { try FunctionName(text) }
        let error = #expect(throws: InvalidName.self) { try Namespace(text) }
        #expect(error?.name == text)
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode([FunctionName].self, from: JSONEncoder().encode([text]))
        }
    }

    @Test func `a key is printed without the usual namespace`() throws {
        let name = try FunctionName("hello")
        #expect(FunctionKey(name: name).description == "hello")
        #expect(FunctionKey(namespace: try Namespace("apps"), name: name).description == "apps/hello")
    }

    @Test func `names are coded as plain strings`() throws {
        let key = FunctionKey(name: try FunctionName("hello"))
        let coded = try JSONEncoder().encode(key)
        #expect(
            try JSONDecoder().decode([String: String].self, from: coded) == ["namespace": "default", "name": "hello"])
        #expect(try JSONDecoder().decode(FunctionKey.self, from: coded) == key)
    }

    @Test func `an image id is 64 lower-case hexadecimal digits`() {
        let digits = String(repeating: "0123456789abcdef", count: 4)
        #expect(ImageID(digits)?.description == digits)
        #expect(ImageID(digits.uppercased()) == nil)
        #expect(ImageID(String(digits.dropLast())) == nil)
        #expect(ImageID(String(digits.dropLast()) + "/") == nil)
        #expect(ImageID("") == nil)
    }
}
