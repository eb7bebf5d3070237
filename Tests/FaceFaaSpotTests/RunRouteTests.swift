import HTTPTypes
import Model
import Platform
import Storage
import TestSupport
import Testing

struct RunRouteTests {
    @Test func `a blocking run answers with the guest's own bytes`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello")
        fixture.platform.sandbox.onCall { _ in .success(.output(#"{ "x" : 1.50 }"#)) }
        try await fixture.test { ask in
            let answer = try await ask(.get, "/v1/sync/functions/hello/rpc/?PARAMETER_1=VALUE_1&B=2", nil)
            #expect(answer.status == 200 && answer.body == #"{ "x" : 1.50 }"#)
            let id = try #require(answer.headers[.init("X-Execution-Id")!])
            let execution = try await ask(.get, "/v1/executions/\(id)", nil)
            #expect(execution.body.contains(#""status":"Success","output":{ "x" : 1.50 },"created""#))
        }
        #expect(fixture.platform.sandbox.called[0].input == Array(#"{"PARAMETER_1":"VALUE_1","B":"2"}"#.utf8))
    }

    @Test(arguments: [(#" {"n": [1, 2.5, null]} "#, #" {"n": [1, 2.5, null]} "#), ("", "{}")])
    func `a body is passed on as it came`(body: String, input: String) async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello")
        try await fixture.test { ask in
            let answer = try await ask(.post, "/v1/sync/functions/hello/rpc/", body)
            #expect(answer.status == 200 && answer.body == input)
        }
    }

    @Test(arguments: [
        ("/v1/sync/functions/hello/rpc/", "[1]", "The arguments must be a JSON object, such as {\"name\": \"value\"}."),
        ("/v1/functions/hello/rpc/", "\"x\"", "The arguments must be a JSON object, such as {\"name\": \"value\"}."),
        (
            "/v1/functions/hello/bulk_rpc/", "[]",
            "The body must be a list of one or more JSON objects, one for each call."
        ),
        (
            "/v1/functions/hello/bulk_rpc/", "[{}, 1]",
            "The body must be a list of one or more JSON objects, one for each call."
        ),
        (
            "/v1/functions/hello/bulk_rpc/", "{}",
            "The body must be a list of one or more JSON objects, one for each call."
        ),
    ])
    func `arguments of another form are illegal`(path: String, body: String, message: String) async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello")
        try await fixture.test { ask in
            let answer = try await ask(.post, path, body)
            #expect(answer.status == 400)
            #expect(answer.body == failure(message, code: "illegal_execution_parameters_error"))
        }
    }

    @Test(arguments: [
        (ExecutionFault.Kind.raised, 500, "ValueError: no", "execution_failed"),
        (.cancelled, 500, "ValueError: no", "execution_failed"),
        (.timedOut, 504, "Run time limit exceeded.", "execution_timeout"),
    ])
    func `a blocking run that fails says how`(kind: ExecutionFault.Kind, status: Int, message: String, code: String)
        async throws
    {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello")
        fixture.platform.sandbox.onCall { _ in .success(.fault(kind, "ValueError", "no", traceback: "TB")) }
        try await fixture.test { ask in
            let answer = try await ask(.post, "/v1/sync/functions/hello/rpc/", "{}")
            #expect(answer.status == status)
            #expect(answer.body == failure(message, code: code, traceback: "TB"))
            #expect(answer.headers[.init("X-Execution-Id")!] != nil)
        }
    }

    @Test func `full sandboxes are a 429, none a 503, both with a time to come back`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello")
        try await fixture.test { ask in
            fixture.platform.sandbox.onCall { _ in .failure(.queueFull(retryAfterSeconds: 2)) }
            var answer = try await ask(.get, "/v1/sync/functions/hello/rpc/", nil)
            #expect(answer.status == 429 && answer.headers[.init("Retry-After")!] == "2")
            fixture.platform.sandbox.onCall { _ in .failure(.unavailable("No worker is up.")) }
            answer = try await ask(.get, "/v1/sync/functions/hello/rpc/", nil)
            #expect(answer.status == 503 && answer.headers[.init("Retry-After")!] == "1")
            #expect(answer.body == failure("No worker is up."))
        }
    }

    @Test func `an envelope is answered once the function is found`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello")
        try await fixture.test { ask in
            var answer = try await ask(.get, "/sync/deployments/hello/rpc/?a=1", nil)
            #expect(answer.status == 200 && answer.body == #"{"status":true,"output":{"a":"1"}}"#)
            answer = try await ask(.post, "/sync/deployments/hello/rpc", "[]")
            #expect(answer.status == 200 && answer.body.hasPrefix(#"{"status":false,"error":"The arguments must"#))
            fixture.platform.sandbox.onCall { _ in .success(.fault(.raised, "ValueError", "no")) }
            answer = try await ask(.get, "/sync/deployments/hello/rpc/", nil)
            #expect(answer.status == 200 && answer.body == #"{"status":false,"error":"ValueError: no"}"#)
            answer = try await ask(.get, "/sync/deployments/nobody/rpc/", nil)
            #expect(answer.status == 404 && answer.body == failure("Not found."))
        }
    }

    @Test func `asynchronous runs answer with a bare uuid, bulk ones with a list in order`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello")
        try await fixture.test { ask in
            var ids: [String] = []
            for (method, path, body) in [
                (.get, "/v1/functions/hello/rpc/?n=0", nil), (.post, "/api/deployments/hello/rpc", #"{"n": 1}"#),
                (.post, "/v1/functions/hello/rpc/", nil),
            ] as [(HTTPRequest.Method, String, String?)] {
                let answer = try await ask(method, path, body)
                #expect(answer.status == 200 && answer.body.count == 38)
                ids.append(String(answer.body.dropFirst().dropLast()))
            }
            for body in [#"[{"k1": "v1"}, {"k3": "v3"}]"#, #"{"values": "[{\"k1\": \"v1\"}, {\"k3\": \"v3\"}]"}"#] {
                let answer = try await ask(.post, "/v1/functions/hello/bulk_rpc/", body)
                #expect(answer.status == 200)
                let more = answer.body.dropFirst().dropLast().split(separator: ",").map { $0.dropFirst().dropLast() }
                #expect(more.count == 2 && more.allSatisfy { ExecutionID($0) != nil } && more[0] < more[1])
                ids += more.map(String.init)
            }
            let inputs = try await fixture.platform.store.executions(ids.compactMap { ExecutionID($0) }).map {
                String(decoding: $0.input, as: UTF8.self)
            }
            let bulk = [#"{"k1": "v1"}"#, #"{"k3": "v3"}"#]
            #expect(inputs == [#"{"n":"0"}"#, #"{"n": 1}"#, "{}"] + bulk + bulk)
        }
    }
}
