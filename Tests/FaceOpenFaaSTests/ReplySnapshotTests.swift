import Foundation
import HTTPTypes
import Model
import Platform
import TestSupport
import Testing

/// Every reply of the gateway, as a script of requests whose transcript is agreed.
struct ReplySnapshotTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Snapshots/replies.txt")

    private struct Step {
        var method: HTTPRequest.Method
        var path: String
        var body: String?
        var isOpen: Bool

        init(_ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, open: Bool = false) {
            self.method = method
            self.path = path
            self.body = body
            isOpen = open
        }
    }

    private static let hello = #"{"service":"hello","image":"hello:latest","labels":null,"unknown":1}"#
    private static let steps: [Step] = [
        Step(.get, "/", open: true), Step(.get, "/system/functions", open: true), Step(.get, "/system/functions"),
        Step(.get, "/system/info"), Step(.get, "/system/info", open: true), Step(.get, "/system/telemetry"),
        Step(.get, "/publickey", open: true), Step(.post, "/build", "x", open: true), Step(.post, "/build", "x"),
        Step(.put, "/system/functions", hello), Step(.post, "/system/functions", "{"),
        Step(.post, "/system/functions", #"{"image":"hello:latest"}"#), Step(.post, "/system/functions", hello),
        Step(.put, "/system/functions", hello),
        Step(.post, "/system/functions", #"{"service":"hello","image":"other"}"#),
        Step(.post, "/system/functions", #"{"service":"Hello","image":"hello:latest"}"#),
        Step(.post, "/system/functions", #"{"service":"a","image":"hello:latest","namespace":"none"}"#),
        Step(.post, "/system/functions", #"{"service":"a","image":"hello:latest","secrets":["none"]}"#),
        Step(.post, "/system/functions", #"{"service":"a","image":"hello:latest","limits":{"memory":"much"}}"#),
        Step(.post, "/system/functions", #"{"service":"a","image":"hello:latest","envVars":{"exec_timeout":"x"}}"#),
        Step(.get, "/system/functions"), Step(.get, "/system/function/hello"), Step(.get, "/system/function/none"),
        Step(.post, "/function/hello/path?a=b", "body", open: true),
        Step(.get, "/function/hello", "in a GET", open: true),
        Step(.head, "/function/hello", open: true), Step(.post, "/function/none", open: true),
        Step(.post, "/function/none.dev", open: true), Step(.post, "/function/hello.openfaas-fn", "x", open: true),
        Step(.get, "/system/function/hello?usage=1"), Step(.post, "/async-function/none", open: true),
        Step(.get, "/async-function/hello", open: true), Step(.post, "/async-function/hello", "x", open: true),
        Step(.post, "/system/scale-function/hello", #"{"serviceName":"hello","replicas":3}"#),
        Step(.post, "/system/scale-function/hello", "x"),
        Step(.post, "/system/scale-function/none", #"{"replicas":3}"#),
        Step(.post, "/system/alert", "x"), Step(.post, "/system/alert", #"{"alerts":[]}"#),
        Step(.get, "/system/namespaces"), Step(.post, "/system/namespace/", #"{"name":"dev"}"#),
        Step(.post, "/system/namespace/", #"{"name":"dev"}"#), Step(.post, "/system/namespace/", #"{"name":"Dev"}"#),
        Step(.get, "/system/namespace/dev"),
        Step(.put, "/system/namespace/dev", #"{"name":"dev","labels":{"a":"b"}}"#),
        Step(.put, "/system/namespace/none", #"{"name":"none"}"#), Step(.get, "/system/namespace/dev"),
        Step(.get, "/system/namespace/none"), Step(.get, "/system/functions?namespace=dev"),
        Step(.get, "/system/functions?namespace=none"), Step(.delete, "/system/namespace/dev", #"{"name":"dev"}"#),
        Step(.delete, "/system/namespace/dev", #"{"name":"dev"}"#),
        Step(.delete, "/system/namespace/openfaas-fn", #"{"name":"openfaas-fn"}"#),
        Step(.get, "/system/secrets"), Step(.post, "/system/secrets", #"{"name":"key","value":"v"}"#),
        Step(.post, "/system/secrets", #"{"name":"key","value":"v"}"#),
        Step(.post, "/system/secrets", #"{"name":"raw","rawValue":"?"}"#),
        Step(.put, "/system/secrets", #"{"name":"key","value":"w"}"#),
        Step(.put, "/system/secrets", #"{"name":"none","value":"w"}"#), Step(.get, "/system/secrets"),
        Step(.delete, "/system/secrets", #"{"name":"key"}"#), Step(.delete, "/system/secrets", #"{"name":"key"}"#),
        Step(.get, "/system/logs?name=hello"), Step(.get, "/system/logs?name=none"), Step(.get, "/system/logs"),
        Step(.get, "/system/logs?name=hello&tail=x"), Step(.get, "/system/logs?name=hello&since=x"),
        Step(.get, "/system/nothing"), Step(.patch, "/system/functions"),
        Step(.get, "/ui/"), Step(.delete, "/system/functions", #"{"functionName":"hello"}"#),
        Step(.delete, "/system/functions", #"{"functionName":"hello"}"#), Step(.delete, "/system/functions", "[]"),
        Step(.post, "/system/functions", String(repeating: "x", count: 5000)), Step(.get, "/metrics", open: true),
    ]

    @Test func `replies are the agreed ones`() async throws {
        let fixture = try await GatewayFixture()
        try await fixture.build("hello")
        let transcript = try await fixture.test { ask in
            var text = ""
            for step in Self.steps {
                let answer = try await ask(step.method, step.path, step.body, step.isOpen ? [:] : fixture.login)
                let shown = step.body.map { " \($0.prefix(120))" } ?? ""
                text += "> \(step.method) \(step.path)\(step.isOpen ? " (no login)" : "")\(shown)\n"
                let headers = answer.headers.map { (name: $0.name.rawName, value: $0.value) }
                text += AgreedText.reply(answer.status, headers, answer.body)
            }
            return Self.settled(text)
        }
        #expect(try transcript == AgreedText(Self.file).text(insteadOf: transcript), "\(AgreedText.advice)")
    }

    /// What differs from run to run, replaced by what it is.
    private static func settled(_ text: String) -> String {
        text.replacing(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "UUID")
            .replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/, with: "TIME")
            .replacing(/\b\d{19}\b/, with: "NANOSECONDS")
            .replacing(/((gateway_functions|(provider_)?http_request_duration)_seconds_\w+\{.*\}) .*/) {
                "\($0.output.1) COUNT"
            }
    }
}
