import HTTPTypes
import Model
import Storage
import TestSupport
import Testing

struct AccessTests {
    @Test(arguments: ["Token nonsense", "Bearer nonsense", "Basic dXNlcjpwYXNz", "Token", "", nil] as [String?])
    func `without a known token everything is a 401, and nothing is told`(header: String?) async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello")
        var headers = HTTPFields()
        headers[.authorization] = header
        try await fixture.test(headers: headers) { ask in
            for path in ["/v1/functions/", "/v1/functions/hello", "/v1/functions/none", "/v1/else", "/v1/executions/x"]
            {
                let answer = try await ask(.get, path, nil)
                #expect(answer.status == 401 && answer.body == failure("Invalid token."))
            }
        }
    }

    @Test func `a token is taken as Token, as Bearer and in the place of a password`() async throws {
        let fixture = try await FaceFixture()
        // The name has what the two alphabets write differently.
        let account = base64(Array("any>?~body:\(fixture.token)".utf8))
        let urlSafe = String(account.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
        #expect(urlSafe != account)
        for header in [
            "Token \(fixture.token)", "Bearer \(fixture.token)", "Basic \(account)", "Basic \(urlSafe)",
            "Basic b'\(account)'",
        ] {
            try await fixture.test(headers: [.authorization: header]) { ask in
                let answer = try await ask(.get, "/v1/functions/", nil)
                #expect(answer.status == 200 && answer.body == "[]")
            }
        }
    }

    @Test(
        arguments: [
            ([.read], 200, 403, 403), ([.run], 403, 200, 403), ([.deploy], 403, 403, 200), ([.admin], 200, 200, 200),
        ] as [(Set<TokenScope>, Int, Int, Int)])
    func `a token may do what its scopes say`(scopes: Set<TokenScope>, list: Int, run: Int, update: Int) async throws {
        let fixture = try await FaceFixture(scopes: scopes)
        try await fixture.platform.deploy("hello")
        try await fixture.test { ask in
            let answers = [
                try await ask(.get, "/v1/functions/", nil), try await ask(.get, "/v1/sync/functions/hello/rpc/", nil),
                try await ask(.patch, "/v1/functions/hello", #"{"context": "A=1"}"#),
            ]
            #expect(answers.map(\.status) == [list, run, update])
        }
    }
}

/// Base64 in the standard alphabet.
func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    return stride(from: 0, to: bytes.count, by: 3).map { start in
        let group = bytes[start..<min(start + 3, bytes.count)]
        let bits = group.enumerated().reduce(0) { $0 | Int($1.element) << (16 - 8 * $1.offset) }
        return (0..<4).map { $0 <= group.count ? String(digits[bits >> (18 - 6 * $0) & 63]) : "=" }.joined()
    }.joined()
}
