import Foundation
import HTTPTypes
import Model
import Platform
import Storage
import TestSupport
import Testing

struct AccountRouteTests {
    private func object(_ body: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
    }

    @Test func `tokens are made, listed without secrets, used and revoked at once`() async throws {
        let fixture = try await FaceFixture()
        let made = try await fixture.test { (ask) async throws in
            try await ask(.put, "/v1/tokens/", #"{"name": "ci", "scopes": ["read"], "expires_in": 60}"#)
        }
        #expect(made.status == 200)
        let token = try object(made.body)
        let (id, secret) = (try #require(token["id"] as? String), try #require(token["token"] as? String))
        #expect(token["scopes"] as? [String] == ["read"] && token["expires"] is String && token["last_used"] is NSNull)
        try await fixture.test(headers: [.authorization: "Bearer \(secret)"]) { (ask) async throws in
            #expect(try await ask(.get, "/v1/functions/", nil).status == 200)
            #expect(try await ask(.get, "/v1/tokens/", nil).status == 403)
        }
        try await fixture.test { (ask) async throws in
            let list = try await ask(.get, "/v1/tokens/", nil)
            #expect(list.body.contains(#""name":"ci""#) && !list.body.contains(secret))
            let entries = try #require(try JSONSerialization.jsonObject(with: Data(list.body.utf8)) as? [[String: Any]])
            #expect(entries.allSatisfy { $0["last_used"] is String }, "uses are known in the list")
            #expect(try await ask(.delete, "/v1/tokens/\(id)", nil).body == #"{"id":"\#(id)"}"#)
            #expect(try await ask(.delete, "/v1/tokens/\(id)", nil).status == 404)
        }
        try await fixture.test(headers: [.authorization: "Bearer \(secret)"]) { (ask) async throws in
            #expect(try await ask(.get, "/v1/functions/", nil).status == 401)
        }
        let audit = try await fixture.test { ask in try await ask(.get, "/v1/audit/?limit=10", nil).body }
        #expect(audit.contains(#""action":"token.revoke""#) && audit.contains(#""action":"token.create""#))
        #expect(!audit.contains(secret))
    }

    @Test func `tokens are listed page by page`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.test { (ask) async throws in
            for name in ["a", "b"] {
                _ = try await ask(.put, "/v1/tokens/", #"{"name": "\#(name)", "scopes": ["read"]}"#)
            }
            let first = try await ask(.get, "/v1/tokens/?limit=2", nil)
            let next = try #require(first.headers[HTTPField.Name("X-Next-After")!])
            #expect(first.body.contains(#""name":"a""#) && !first.body.contains(#""name":"b""#))
            let last = try await ask(.get, "/v1/tokens/?limit=2&after=\(next)", nil)
            #expect(last.body.contains(#""name":"b""#) && !last.body.contains(#""name":"a""#))
            #expect(last.headers[HTTPField.Name("X-Next-After")!] == nil)
            for wrong in ["limit=0", "limit=1001", "limit=x", "after=x"] {
                #expect(try await ask(.get, "/v1/tokens/?\(wrong)", nil).status == 400, "\(wrong)")
            }
        }
    }

    @Test(
        arguments: [
            "{}", #"{"name": "x"}"#, #"{"name": "", "scopes": ["read"]}"#, #"{"name": "x", "scopes": []}"#,
            #"{"name": "x", "scopes": ["root"]}"#, #"{"name": "x", "scopes": ["read"], "functions": ["a/b/c"]}"#,
            #"{"name": "x", "scopes": ["admin"], "functions": ["a"]}"#,
            #"{"name": "x", "scopes": ["read"], "more": 1}"#,
            #"{"name": "x", "scopes": ["read"], "expires_in": 0}"#,
            #"{"name": "x", "scopes": ["read"], "rate_per_minute": "1"}"#,
            "[", "",
        ])
    func `what is no token is refused with the reason`(body: String) async throws {
        let fixture = try await FaceFixture()
        let answer = try await fixture.test { ask in try await ask(.put, "/v1/tokens/", body) }
        #expect(answer.status == 400, "\(answer)")
        #expect(try await fixture.platform.store.tokens().count == 1)
    }

    @Test func `a token's rate and body are limited`() async throws {
        let now = TimeSource.system.now()
        let fixture = try await FaceFixture(time: TimeSource { now })
        try await fixture.platform.deploy("hello")
        let secret = try await fixture.platform.platform.tokens.issue(
            name: "slow", scopes: [.run], ratePerMinute: 2, maximumBodyBytes: 20
        ).secret
        try await fixture.test(headers: [.authorization: "Token \(secret)"]) { (ask) async throws in
            let path = "/v1/sync/functions/hello/rpc/"
            #expect(try await ask(.post, path, #"{"a": 1}"#).status == 200)
            let large = try await ask(.post, path, #"{"a": "123456789012345"}"#)
            #expect(large.status == 413 && large.body.contains("may have 20 bytes and has more; that is all its token"))
            let refused = try await ask(.post, path, "{}")
            #expect(refused.status == 429 && refused.body.contains(#""error_code":"rate_limited""#))
            #expect(Int(refused.headers[.init("Retry-After")!] ?? "").map { (1...30).contains($0) } == true)
        }
    }

    @Test func `users sign in with a password until they are changed or deleted`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.test { (ask) async throws in
            let body = #"{"name": "ann", "password": "correct horse", "scopes": ["read", "run"]}"#
            let made = try await ask(.put, "/v1/users/", body)
            #expect(made.status == 200 && !made.body.contains("horse"))
            #expect(try await ask(.put, "/v1/users/", body).body == failure("User `ann` already exists."))
            for bad in [
                #"{"name": "a:b", "password": "correct horse", "scopes": ["read"]}"#,
                #"{"name": "bob", "password": "short", "scopes": ["read"]}"#,
            ] {
                #expect(try await ask(.put, "/v1/users/", bad).status == 400)
            }
            #expect(
                try await ask(.get, "/v1/users/", nil).body.hasPrefix(
                    #"[{"name":"ann","scopes":["read","run"],"functions":null"#))
        }
        func status(_ password: String) async throws -> Int {
            let account = base64(Array("ann:\(password)".utf8))
            return try await fixture.test(headers: [.authorization: "Basic \(account)"]) { (ask) async throws in
                try await ask(.get, "/v1/functions/", nil).status
            }
        }
        #expect(try await status("correct horse") == 200)
        #expect(try await status("correct horse") == 200)
        #expect(try await status("wrong horse") == 401)
        try await fixture.test { (ask) async throws in
            #expect(try await ask(.patch, "/v1/users/ann", "{}").status == 400)
            #expect(try await ask(.patch, "/v1/users/none", #"{"scopes": ["run"]}"#).status == 404)
            #expect(try await ask(.patch, "/v1/users/ann", #"{"password": "battery staple"}"#).status == 200)
        }
        #expect(try await status("correct horse") == 401)
        #expect(try await status("battery staple") == 200)
        try await fixture.test { (ask) async throws in
            #expect(try await ask(.patch, "/v1/users/ann", #"{"scopes": ["run"]}"#).status == 200)
        }
        #expect(try await status("battery staple") == 403)
        try await fixture.test { (ask) async throws in
            #expect(try await ask(.delete, "/v1/users/ann", nil).body == #"{"name":"ann"}"#)
        }
        #expect(try await status("battery staple") == 401)
    }

    @Test func `changes are in the audit log, newest first and in pages`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.test { (ask) async throws in
            let code = #"{"name": "f", "code": "def main(args, context): pass"}"#
            #expect(try await ask(.put, "/v1/functions/", code).status == 200)
            #expect(try await ask(.patch, "/v1/functions/f", #"{"context": "A=secret"}"#).status == 200)
            #expect(try await ask(.delete, "/v1/functions/f", nil).status == 200)
            let body = try await ask(.get, "/v1/audit/", nil).body
            #expect(!body.contains("secret"))
            let entries = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [[String: Any]])
            #expect(
                entries.map { $0["action"] as? String } == ["function.delete", "function.update", "function.create"])
            #expect(entries.allSatisfy { ($0["actor"] as? String)?.hasPrefix("token test (") == true })
            #expect(entries[1]["detail"] as? String == "context")
            let second = try #require(entries[1]["id"] as? String)
            let rest = try await ask(.get, "/v1/audit/?before=\(second)&limit=5", nil).body
            #expect(rest.contains("function.create") && !rest.contains("function.update"))
            #expect(try await ask(.get, "/v1/audit/?limit=0", nil).status == 400)
        }
    }

    @Test func `a rotation encrypts every context anew, and calls go on`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello", context: "A=1")
        let before = try await fixture.platform.store.sealedContexts(after: nil, limit: 10)
        try await fixture.test { (ask) async throws in
            #expect(try await ask(.post, "/v1/keys/rotate", nil).body == #"{"contexts":1}"#)
            #expect(try await ask(.get, "/v1/sync/functions/hello/rpc/", nil).status == 200)
        }
        #expect(try await fixture.platform.store.sealedContexts(after: nil, limit: 10) != before)
        #expect(fixture.platform.sandbox.called.last?.context == Array(#"{"A":"1"}"#.utf8))
    }
}
