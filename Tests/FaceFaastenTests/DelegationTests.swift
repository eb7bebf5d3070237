import Gatehouse
import HTTPTypes
import Identity
import Labels
import Model
import Platform
import Storage
import TestSupport
import Testing

@testable import LabelledFiles

/// Tokens that are given on.
struct DelegationTests {
    private static let allowed: [(String, String)] = [
        ("alice", "alice"), ("alice", "alice/app"), ("alice", "alice|bob"), ("alice", "T"), ("F", "bob"),
        ("alice&bob", "bob"), ("alice/app", "alice/app/x"),
    ]
    private static let refused: [(String, String)] = [
        ("alice", "bob"), ("alice", "F"), ("alice/app", "alice"), ("alice|bob", "alice"), ("alice", "alice&bob"),
        ("T", "alice"), ("alice", "faasten"), ("alice", "alic"), ("alice", "alice2"),
    ]

    @Test func `what one's own component implies may be delegated, and nothing else`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.test { ask in
            for (own, wanted) in Self.allowed {
                let answer = try await ask(
                    .post, "/faasten/delegate", #"{"component": "\#(wanted)", "bootstrap": false}"#,
                    FaceFixture.bearer(try await fixture.token(own)))
                #expect(answer.status == 200, "\(own) → \(wanted): \(answer.body)")
                let me = try await ask(.get, "/me", nil, FaceFixture.bearer(answer.body))
                #expect(me.member("login") == wanted)
            }
            for (own, wanted) in Self.refused {
                for token in [try await fixture.token(own), try fixture.identity(own)] {
                    let answer = try await ask(
                        .post, "/faasten/delegate", #"{"component": "\#(wanted)"}"#, FaceFixture.bearer(token))
                    #expect(answer.status == 406, "\(own) → \(wanted)")
                }
            }
        }
    }

    @Test func `bodies that are wrong are 400`() async throws {
        let fixture = try await FaceFixture()
        let login = FaceFixture.bearer(try await fixture.token("alice"))
        try await fixture.test { ask in
            for body in [
                "", "{", "[]", "{}", #"{"component": 1}"#, #"{"component": "a|"}"#, #"{"component": ""}"#,
                #"{"component": "alice", "bootstrap": "yes"}"#, #"{"component": "alice", "clearance": "T"}"#,
                #"{"component": "alice", "bootstrap": true, "clearance": "a&"}"#,
            ] {
                let answer = try await ask(.post, "/faasten/delegate", body, login)
                #expect(answer.status == 400 && answer.error != nil, "\(body): \(answer.status)")
            }
            let json = #"{"component": {"DCFormula": [[["alice", "app"]]]}, "bootstrap": true, "clearance": "DCFalse"}"#
            #expect(try await ask(.post, "/faasten/delegate", json, login).status == 200)
        }
    }

    @Test func `a token is renewed as long as the one that it came of is good`() async throws {
        let fixture = try await FaceFixture()
        let tokens = fixture.platform.platform.tokens
        let (source, secret) = try await tokens.issue(name: "a", scopes: [], principal: "alice")
        let body = #"{"component": "alice"}"#
        try await fixture.test { ask in
            var token = secret
            for _ in 0..<3 {
                let answer = try await ask(.post, "/faasten/delegate", body, FaceFixture.bearer(token))
                #expect(answer.status == 200)
                token = answer.body
                fixture.clock.pass(500)
            }
            #expect(try await tokens.revoke(source.id))
            #expect(try await ask(.get, "/me", nil, FaceFixture.bearer(token)).status == 200)
            #expect(try await ask(.post, "/faasten/delegate", body, FaceFixture.bearer(token)).status == 401)
            let minted = try fixture.identity("alice")
            #expect(try await ask(.post, "/faasten/delegate", body, FaceFixture.bearer(minted)).status == 200)
        }
    }

    @Test func `a home is made for whom a token is for, where that is asked for`() async throws {
        let fixture = try await FaceFixture()
        let login = FaceFixture.bearer(try await fixture.token("alice"))
        try await fixture.test { ask in
            let body = #"{"component": "alice/app", "bootstrap": true, "clearance": "alice"}"#
            for _ in 0..<2 {
                let answer = try await ask(.post, "/faasten/delegate", body, login)
                #expect(answer.status == 200)
            }
        }
        var caller = Caller(
            fixture.gatehouse.files, label: .public, privilege: try Component(parsing: "alice/app"), name: "test")
        #expect(try await caller.list(caller.resolve(FilePath(parsing: "~"))).map(\.name) == ["fsutil"])
        await #expect(throws: FileRefusal.self, "its clearance is alice's") {
            _ = try await caller.findGate(FilePath(parsing: "~:fsutil"))
        }
    }
}
