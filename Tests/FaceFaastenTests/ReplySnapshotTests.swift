import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import FaceFaasten

/// Every reply of the gateway, as a script of requests whose transcript is agreed.
struct ReplySnapshotTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Snapshots/replies.txt")

    private enum Login: String {
        case none = " (no login)"
        case alice = ""
        case bob = " (bob)"
        case wrong = " (a wrong token)"
    }

    private struct Step {
        var method: HTTPRequest.Method
        var path: String
        var body: String?
        var login: Login
        var headers: [String: String]

        init(
            _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, _ login: Login = .alice,
            _ headers: [String: String] = [:]
        ) {
            self.method = method
            self.path = path
            self.body = body
            self.login = login
            self.headers = headers
        }

        /// A call of a gate.
        static func call(
            _ gate: String, _ body: String, _ login: Login = .alice, _ headers: [String: String] = [:]
        ) -> Step {
            let usual = ["Content-Type": FaceFixture.json]
            return Step(
                .post, "/faasten/invoke/\(gate)", body, login,
                usual.merging(headers) { $1 }.filter { !$0.value.isEmpty })
        }

        static func fsutil(_ op: String, _ args: String, _ login: Login = .alice) -> Step {
            call("~:fsutil", #"{"op": "\#(op)", "args": {\#(args)}}"#, login)
        }
    }

    private static let form = ["Content-Type": "multipart/form-data; boundary=B"]

    private static func form(_ parts: String...) -> String {
        parts.map { "--B\r\nContent-Disposition: form-data; \($0)\r\n" }.joined() + "--B--\r\n"
    }

    private static let steps: [Step] = [
        Step(.get, "/login", nil, .none), Step(.get, "/login/cas", nil, .none),
        Step(.post, "/login", FaceFixture.signIn("alice"), .none, ["Content-Type": FaceFixture.json]),
        Step(.post, "/login", FaceFixture.signIn("alice", password: "x"), .none, ["Content-Type": FaceFixture.json]),
        Step(.post, "/login", "{", .none, ["Content-Type": FaceFixture.json]),
        Step(.get, "/authenticate/oidc?code=x&state=y", nil, .none), Step(.get, "/login/github", nil, .none),
        Step(.get, "/me"), Step(.get, "/me", nil, .none), Step(.get, "/me", nil, .wrong), Step(.post, "/me", ""),
        Step(.get, "/faasten/ping", nil, .none), Step(.get, "/faasten/ping/scheduler", nil, .none),
        Step(.options, "/faasten/invoke/x", nil, .none),
        Step(.post, "/faasten/delegate", #"{"component": "alice/app"}"#),
        Step(.post, "/faasten/delegate", #"{"component": "bob"}"#), Step(.post, "/faasten/delegate", "{"),
        Step(.post, "/faasten/delegate", #"{"component": "a//b"}"#),
        Step(.post, "/faasten/delegate", #"{"component": "alice"}"#, .none),
        .call("~:fsutil", #"{"op": "ping"}"#), .call("~:fsutil", #"{"op": "ping"}"#, .none),
        .call("~:fsutil", #"{"op": "ping"}"#, .wrong), .call("~:fsutil", #"{"op": "no"}"#), .call("~:fsutil", "{}"),
        .call("~:fsutil", "[]"), .call("~:fsutil", #"{"op": "ping"}"#, .alice, ["Content-Type": ""]),
        .call("~:fsutil", #"{"op": "ping"}"#, .alice, ["Content-Type": "text/plain"]), .call("~:fsutil", ""),
        .call("~:fsutil", "{"), .call("~:fsutil", #"{"op": "ping"}"#, .alice, ["X-Faasten-Label": "a//b,T"]),
        .call("~:fsutil", #"{"op": "ping"}"#, .alice, ["X-Faasten-Label": "bob,T"]),
        .call("a:~", "{}"), .call("none", "{}"), .call("home:%3Calice,alice%3E:fsutil", "{}", .bob),
        .call("~:fsutil", String(repeating: " ", count: 5000)), Step(.get, "/faasten/invoke/~:fsutil"),
        .fsutil("mkdir", #""base": "~", "name": "d""#), .fsutil("mkdir", #""base": "~", "name": "d""#),
        .fsutil("mkfile", #""base": "~", "name": "f", "label": "alice,alice""#),
        .fsutil("write", #""path": "~:f", "data": "aGVsbG8=""#), .fsutil("read", #""path": "~:f""#),
        .fsutil("read", #""path": "~:none""#), .fsutil("ls", #""path": "~""#), .fsutil("ls", #""path": "home""#),
        .fsutil("list-dir", #""path": "~""#), .fsutil("list-dir", #""path": "~:f""#),
        .fsutil("list-faceted", #""path": "home""#), .fsutil("unlink", #""base": "~", "name": "d""#),
        .fsutil("unlink", #""base": "~", "name": "d""#), .fsutil("mkdir", #""base": 7"#),
        .call(
            "~:fsutil",
            form(
                "name=\"payload\"\r\n\r\n{\"op\": \"mkblob\", \"args\": {\"base\": \"~\", \"label\": \"alice,alice\"}}",
                "name=\"blob\"; filename=\"b\"\r\n\r\nbytes"), .alice, form),
        .fsutil("cat", #""path": "~:b""#), .fsutil("cat", #""path": "~:f""#),
        .call("~:fsutil", form("name=\"blob\"; filename=\"b\"\r\n\r\nbytes"), .alice, form),
        .call("~:fsutil", "--B", .alice, form),
        .fsutil(
            "mkgate",
            #""base": "home:<T,alice>", "name": "leak", "label": "T,alice", "privilege": "alice", "clearance": "T", "#
                + #""declassify": "T", "memory": 64, "app_image": "home:<T,faasten>:fsutil_image""#),
        .call("home:%3CT,alice%3E:leak", #"{"op": "read", "args": {"path": "~:f"}}"#, .bob),
        .call("~:fsutil", #"{"op": "ping"}"#, .alice, ["Prefer": "respond-async"]),
        Step(.get, "/faasten/invocations/none"), Step(.get, "/faasten/invocations/none", nil, .none),
        Step(.get, "/faasten/logs/none"), Step(.get, "/faasten/nothing"),
    ]

    @Test func `replies are the agreed ones`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.addUser("alice")
        let bob = try await fixture.token("bob")
        let transcript = try await fixture.test { ask in
            let alice = try await ask(
                .post, "/login", FaceFixture.signIn("alice"), [.contentType: FaceFixture.json]
            ).member("token")
            let tokens: [Login: String?] = [.alice: alice, .bob: bob, .wrong: "x.y.z"]
            var text = ""
            for step in Self.steps {
                var headers = (tokens[step.login] ?? nil).map(FaceFixture.bearer) ?? [:]
                for (name, value) in step.headers { headers[HTTPField.Name(name)!] = value }
                let answer = try await ask(step.method, step.path, step.body, headers)
                let more = step.headers.filter { $0.key != "Content-Type" || $0.value != FaceFixture.json }
                    .map { " \($0.key): \($0.value)" }.sorted().joined()
                let shown = step.body.map { " \($0.prefix(120).replacing("\r\n", with: "|"))" } ?? ""
                text += "> \(step.method) \(step.path)\(step.login.rawValue)\(more)\(shown)\n"
                // What web pages ask for is shown where they ask, and is the same everywhere.
                let told = answer.headers.map { (name: $0.name.rawName, value: $0.value) }
                    .filter { step.method == .options || !$0.name.hasPrefix("Access-Control-") }
                #expect(answer.headers[.accessControlAllowOrigin] == "*", "\(step.path)")
                text += AgreedText.reply(answer.status, told, answer.body)
            }
            return Self.settled(text)
        }
        #expect(try transcript == AgreedText(Self.file).text(insteadOf: transcript), "\(AgreedText.advice)")
    }

    /// What differs from run to run, replaced by what it is.
    private static func settled(_ text: String) -> String {
        text.replacing(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "UUID")
            .replacing(/Duration-Ns: \d+/.ignoresCase(), with: "Duration-Ns: NANOSECONDS")
            .replacing(/[\w-]+\.[\w-]{20,}\.[\w-]{20,}/, with: "JWT")
            .replacing(/nonce(-|=")[\w-]+/) { "nonce\($0.output.1)NONCE" }
            .replacing(/"token":"[^"]+"/, with: #""token":"TOKEN""#)
    }
}
