import Gatehouse
import HTTPTypes
import Hummingbird
import LabelledFiles
import Model
import Platform
import TestSupport
import Testing

@testable import FaceFaasten

/// Calls of gates, by what is built in and needs no sandbox.
struct InvokeTests {
    private static let ping = #"{"op": "ping"}"#

    /// A fixture with alice's home in it, and her login.
    private static func make() async throws -> (FaceFixture, HTTPFields) {
        let fixture = try await FaceFixture()
        try await fixture.addUser("alice")
        let token = try await fixture.test { ask in
            try await ask(.post, "/login", FaceFixture.signIn("alice"), [.contentType: FaceFixture.json]).member(
                "token")
        }
        return (fixture, FaceFixture.bearer(try #require(token)))
    }

    private static func json(_ login: HTTPFields = [:]) -> HTTPFields {
        var headers = login
        headers[.contentType] = FaceFixture.json
        return headers
    }

    @Test(arguments: [
        "~:fsutil", "fsutil", "~%3Afsutil", "home:alice,alice:fsutil", "home%3A%3Calice%2Calice%3E%3Afsutil",
        "home:%3Calice,alice%3E:fsutil", "%7E:fsutil", ":home:%3CT,faasten%3E:fsutil:",
    ])
    func `a gate is called under every spelling of its path`(_ path: String) async throws {
        let (fixture, login) = try await Self.make()
        try await fixture.test { ask in
            let answer = try await ask(.post, "/faasten/invoke/\(path)", Self.ping, Self.json(login))
            #expect(answer.status == 200 && answer.body == #"{"success":true,"value":"pong"}"#)
            #expect(answer.headers[.contentType] == "application/octet-stream")
            #expect(UUID7(answer.headers[Reply.invocation] ?? "") != nil)
            #expect(Int(answer.headers[Reply.duration] ?? "") != nil)
            #expect(answer.headers[Reply.functionError] == nil)
        }
    }

    @Test func `slashes of labels are slashes, however they are written`() async throws {
        let (fixture, login) = try await Self.make()
        try await fixture.test { ask in
            let body = #"{"component": "alice/app", "bootstrap": true}"#
            let token = try await ask(.post, "/faasten/delegate", body, login).body
            for slash in ["/", "%2F", "%2f"] {
                let path = "/faasten/invoke/home:%3Calice\(slash)app,alice\(slash)app%3E:fsutil"
                let answer = try await ask(.post, path, Self.ping, Self.json(FaceFixture.bearer(token)))
                #expect(answer.status == 200, "\(answer.body)")
            }
        }
    }

    @Test func `a gate that is not there and one that may not be called look the same`() async throws {
        let (fixture, _) = try await Self.make()
        let bob = FaceFixture.bearer(try await fixture.token("bob"))
        try await fixture.test { ask in
            var bodies: Set<String> = []
            for (path, login) in [
                ("home:%3Calice,alice%3E:fsutil", bob), ("home:%3Calice,alice%3E:fsutil", [:]),
                ("home:%3Calice,alice%3E:nothing", bob), ("nothing", bob), ("home", bob),
            ] {
                let answer = try await ask(.post, "/faasten/invoke/\(path)", Self.ping, Self.json(login))
                #expect(answer.status == 400)
                bodies.insert(answer.body)
            }
            #expect(bodies.count == 1)
        }
    }

    @Test func `requests that are wrong are told so`() async throws {
        let (fixture, login) = try await Self.make()
        var labelled = Self.json(login)
        labelled[Reply.label] = "a//b,T"
        var twice = Self.json(login)
        twice.append(HTTPField(name: Reply.label, value: "T,T"))
        twice.append(HTTPField(name: Reply.label, value: "T,T"))
        var typed = login
        typed[.contentType] = "text/plain"
        var formed = login
        formed[.contentType] = "multipart/form-data"
        let cases: [(String, String?, HTTPFields, Int)] = [
            ("~:fsutil", Self.ping, login, 400), ("~:fsutil", Self.ping, typed, 415), ("~:fsutil", "", formed, 400),
            ("~:fsutil", Self.ping, labelled, 400), ("~:fsutil", Self.ping, twice, 400),
            ("~:fsutil", "", Self.json(login), 400), ("~:fsutil", "{", Self.json(login), 400),
            ("~:fsutil", "{} x", Self.json(login), 400), ("a:~", Self.ping, Self.json(login), 400),
            ("%FF", Self.ping, Self.json(login), 400),
            ("~:fsutil", #"""# + String(repeating: "x", count: 5000) + #"""#, Self.json(login), 413),
        ]
        try await fixture.test { ask in
            for (path, body, headers, status) in cases {
                let answer = try await ask(.post, "/faasten/invoke/\(path)", body, headers)
                #expect(answer.status == status && answer.error != nil, "\(path) \(body ?? "") \(answer.body)")
            }
        }
    }

    private static func form(_ parts: [(head: String, content: String)]) -> String {
        parts.map { "--B\r\nContent-Disposition: form-data; \($0.head)\r\n\r\n\($0.content)\r\n" }.joined()
            + "--B--\r\n"
    }

    @Test func `files of a form become blobs that gates get by their names`() async throws {
        let (fixture, login) = try await Self.make()
        var headers = login
        headers[.contentType] = "multipart/form-data; boundary=B"
        let sent = headers
        let large = String(repeating: "0123456789", count: 50_000)
        let files = Self.form([
            (#"name="payload""#, #"{"op": "mkblob", "args": {"base": "~", "label": "alice,alice"}}"#),
            (#"name="label""#, "T,T"), (#"name="blob"; filename="large.txt""#, large),
            (#"name="file""#, "no name"),
        ])
        try await fixture.test { ask in
            let made = try await ask(.post, "/faasten/invoke/~:fsutil", files, sent)
            #expect(made.status == 200 && made.body == #"{"success":true}"#, "\(made.body)")
            for (name, content) in [("large.txt", large), ("blob1", "no name")] {
                let read = try await ask(
                    .post, "/faasten/invoke/~:fsutil", #"{"op": "cat", "args": {"path": "~:\#(name)"}}"#,
                    Self.json(login))
                #expect(read.status == 200 && read.body == content, "\(name)")
                #expect(read.headers[.contentLength] == "\(content.utf8.count)")
            }
        }
    }

    @Test func `forms that are wrong are told so, and leave nothing`() async throws {
        let (fixture, login) = try await Self.make()
        var headers = login
        headers[.contentType] = "multipart/form-data; boundary=B"
        let sent = headers
        let payload = (head: "name=payload", content: Self.ping)
        let file = (head: "name=blob; filename=a", content: "x")
        let cases: [(String, Int)] = [
            ("", 400), (Self.form([]), 400), (Self.form([file]), 400), (Self.form([payload, payload]), 400),
            (Self.form([payload, file, file]), 400), (Self.form([payload, file, ("name=label", "T,T")]), 400),
            (Self.form([payload, ("name=label", "a|")]), 400), (Self.form([payload, ("name=other", "")]), 400),
            (Self.form([("name=payload", "{")]), 400), (String(Self.form([payload, file]).dropLast(4)), 400),
            (Self.form([payload, ("name=label", "T,T"), ("name=label", "T,T")]), 400),
            (Self.form([("name=payload", "\"" + String(repeating: "x", count: 5000) + "\"")]), 413),
            (Self.form([payload, ("name=file", String(repeating: "x", count: 2 << 20))]), 413),
            (Self.form([payload] + (0...64).map { ("name=file; filename=f\($0)", "") }), 400),
            (Self.form([payload, ("name=file; filename=" + String(repeating: "x", count: 300), "")]), 400),
        ]
        try await fixture.test { ask in
            for (index, (body, status)) in cases.enumerated() {
                let answer = try await ask(.post, "/faasten/invoke/~:fsutil", body, sent)
                #expect(answer.status == status && answer.error != nil, "\(index): \(answer.status) \(answer.body)")
            }
            let fine = try await ask(.post, "/faasten/invoke/~:fsutil", Self.form([file, payload]), sent)
            #expect(fine.status == 200)
        }
        let collected = try await fixture.gatehouse.files.collect()
        #expect(collected.objects == 0)
    }

    @Test func `an answer that is too secret for who asked is withheld`() async throws {
        let (fixture, login) = try await Self.make()
        let bob = FaceFixture.bearer(try await fixture.token("bob"))
        let steps = [
            #"{"op": "mkfile", "args": {"base": "~", "name": "secret", "label": "alice,alice"}}"#,
            #"{"op": "write", "args": {"path": "~:secret", "data": "aGVsbG8="}}"#,
            """
            {"op": "mkgate", "args": {"base": "home:<T,alice>", "name": "leak", "label": "T,alice", "privilege": "alice",
            "clearance": "T", "declassify": "T", "memory": 64, "app_image": "home:<T,faasten>:fsutil_image"}}
            """,
        ]
        try await fixture.test { ask in
            for step in steps {
                let answer = try await ask(.post, "/faasten/invoke/~:fsutil", step, Self.json(login))
                #expect(answer.body.contains(#""success":true"#), "\(answer.body)")
            }
            let read = #"{"op": "read", "args": {"path": "~:secret"}}"#
            let path = "/faasten/invoke/home:%3CT,alice%3E:leak"
            let own = try await ask(.post, path, read, Self.json(login))
            #expect(own.status == 200 && own.body.contains("aGVsbG8="))
            for headers in [Self.json(bob), Self.json()] {
                let answer = try await ask(.post, path, read, headers)
                #expect(answer.status == 401 && answer.body == #"{"error":"unauthorized to read response"}"#)
            }
            var secret = Self.json(bob)
            secret[Reply.label] = "alice,T"
            #expect(try await ask(.post, path, read, secret).status == 200, "a request that is as secret may know")
            let denials = try await ask(.get, "/faasten/denials", nil, login)
            #expect(denials.status == 200 && denials.headers[.contentType] == "application/x-ndjson")
            let logs = try await ask(.get, "/faasten/logs/~:fsutil", nil, login)
            #expect(logs.status == 200 && logs.headers[.contentType] == "application/x-ndjson")
            #expect(try await ask(.get, "/faasten/logs/home:%3Calice,alice%3E:fsutil", nil, bob).status == 400)
        }
    }

    @Test func `who does not wait asks for the answer later`() async throws {
        let (fixture, login) = try await Self.make()
        var headers = Self.json(login)
        headers[.init("Prefer")!] = "wait=1, respond-async; x=y"
        let sent = headers
        let other = FaceFixture.bearer(try await fixture.token("bob"))
        try await fixture.platform.withServices(and: fixture.gatehouse.services) {
            try await fixture.test { ask in
                let begun = try await ask(.post, "/faasten/invoke/~:fsutil", Self.ping, sent)
                #expect(begun.status == 202)
                let path = "/faasten/invocations/\(try #require(begun.member("invocation")))"
                var answer = try await ask(.get, path, nil, login)
                while answer.status == 202 {
                    await Task.yield()
                    answer = try await ask(.get, path, nil, login)
                }
                #expect(answer.status == 200 && answer.body.contains("pong"), "\(answer.body)")
                #expect(try await ask(.get, path, nil, [:]).status == 401)
                #expect(try await ask(.get, path, nil, other).status != 202)
                #expect(try await ask(.get, "/faasten/invocations/x", nil, login).status == 404)
            }
        }
    }

    @Test(arguments: [
        (GateFailure.refused("no"), 400, #"{"error":"no"}"#),
        (.unreadable, 401, #"{"error":"unauthorized to read response"}"#), (.timedOut, 504, #"{"error":"timeout"}"#),
        (.busy(retryAfterSeconds: 3), 500, #"{"error":"queue full"}"#),
        (.launch(detail: "why"), 500, #"{"error":"failed to launch the function","detail":"why"}"#),
        (.exhausted, 500, #"{"error":"resource exhausted"}"#),
        (.unknownInvocation, 404, #"{"error":"no such invocation"}"#),
        (.failed("a secret path"), 500, #"{"error":"failed to process request"}"#),
    ])
    func `failures have the agreed answers`(_ failure: GateFailure, _ status: Int, _ body: String) {
        let shown = Failure(failure)
        #expect(
            shown.status.code == status
                && shown.retryAfterSeconds == (status == 500 && body.contains("queue") ? 3 : nil))
        let bytes = Reply.object { writer in
            writer.member("error", shown.message)
            if let detail = shown.detail { writer.member("detail", detail) }
        }
        #expect(String(decoding: bytes, as: UTF8.self) == body)
    }

    @Test(arguments: [(200, 200), (204, 204), (404, 404), (599, 599), (99, 500), (100, 500), (600, 500), (65_535, 500)])
    func `the function's status is passed on where it is one of an answer`(_ own: Int, _ sent: Int) {
        let answer = GateAnswer(
            status: own, body: .bytes([1]), functionFailed: true, invocation: "i", nanoseconds: 5)
        let response = FaastenFace.response(answer)
        #expect(response.status.code == sent)
        #expect((response.body.contentLength == 0) == (own == 204))
        if own == sent {
            #expect(response.headers[Reply.functionError] == "1" && response.headers[Reply.duration] == "5")
        }
    }
}
