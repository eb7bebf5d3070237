import Model
import Platform
import Testing

@testable import FaceFaaSpot

struct CodingTests {
    @Test(arguments: [
        ("Token abc", Credentials.token("abc")), ("token  abc", .token("abc")), ("Bearer abc", .token("abc")),
        ("Basic dXNlcjpwYXNz", .account(user: "user", password: "pass")),
        ("Basic b'dXNlcjpwYXNz'", .account(user: "user", password: "pass")),
        ("basic dXNlcjpwOmE=", .account(user: "user", password: "p:a")),
        ("Basic OsO_w78=", .account(user: "", password: "ÿÿ")), ("Basic OsO/w78", .account(user: "", password: "ÿÿ")),
    ])
    func `credentials in every form that clients send`(header: String, expected: Credentials) {
        #expect(Credentials(header: header) == expected)
    }

    @Test(arguments: ["", "Token", "Token ", "Digest abc", "Basic !!!", "Basic dXNlcg==", "Basic b''", "Basic YQ=b"])
    func `other headers are no credentials`(header: String) {
        #expect(Credentials(header: header) == nil)
    }

    @Test(arguments: [
        (
            "def%20main%28args%2C%20context%29%3A%0A%20%20return%20%27%C3%A9%27",
            "def main(args, context):\n  return 'é'"
        ),
        ("return 100%25", "return 100%25"), ("a%zz%2", "a%zz%2"), ("1+1", "1+1"), ("", ""),
    ])
    func `texts are decoded once, unless they hold white space`(text: String, expected: String) throws {
        #expect(try FunctionBody.decoded(text, "code") == expected)
    }

    @Test func `encodes as Python's quote does`() {
        #expect(
            PercentCoding.encoded("def f(a):\n  return 'é~/_.-'")
                == "def%20f%28a%29%3A%0A%20%20return%20%27%C3%A9~/_.-%27")
        #expect(throws: Failure.self) { try FunctionBody.decoded("%ff", "code") }
    }

    @Test(arguments: [
        ("", "{}"), ("A=1&B=2", #"{"A":"1","B":"2"}"#), ("A=1&B=x&A=2", #"{"A":["1","2"],"B":"x"}"#),
        ("name=J%C3%BCrgen+B%2BC", #"{"name":"Jürgen B+C"}"#), ("flag&x=", #"{"flag":"","x":""}"#),
        ("a=b=c", #"{"a":"b=c"}"#),
        ("q=%22", #"{"q":"\""}"#),
    ])
    func `a query becomes arguments`(query: String, expected: String) throws {
        #expect(String(decoding: try Arguments.query(query), as: UTF8.self) == expected)
    }

    @Test(arguments: [
        (Int64(1_500_649_852_537_686), "2017-07-21 15:10:52.537686+00:00"), (0, "1970-01-01 00:00:00.000000+00:00"),
        (951_782_400_000_001, "2000-02-29 00:00:00.000001+00:00"),
        (4_107_542_399_999_999, "2100-02-28 23:59:59.999999+00:00"),
        (-1, "1969-12-31 23:59:59.999999+00:00"),
    ])
    func `times have a blank, six digits and an offset`(microseconds: Int64, expected: String) {
        #expect(TimestampText.text(Timestamp(microseconds: microseconds)) == expected)
    }
}
