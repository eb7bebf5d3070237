import HTTPTypes
import Model
import Platform
import TestSupport
import Testing

struct FunctionRouteTests {
    private let create =
        #"{"name": "hello", "code": "def%20main%28args%2C%20context%29%3A%20return%201", "context": ""}"#

    @Test func `create, list, get, update, delete`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.test { ask in
            var answer = try await ask(.put, "/v1/functions/", create)
            #expect(answer.status == 200 && answer.body.count == 38)
            let id = answer.body.dropFirst().dropLast()
            #expect(ExecutionID(id) != nil && answer.headers[.init("X-Execution-Id")!] == String(id))

            answer = try await ask(.get, "/v1/executions/\(id)", nil)
            #expect(
                answer.body.hasPrefix(
                    #"{"uuid":"\#(id)","name":"tasks.create_function","status":"Success","output":"Function `hello` created","created":""#
                ))

            answer = try await ask(.get, "/v1/functions/", nil)
            #expect(answer.body == #"[{"name":"hello","runner_url":"http://localhost/v1/functions/hello/rpc/"}]"#)
            answer = try await ask(.get, "/api/deployments", nil)
            #expect(answer.body == #"[{"name":"hello","runner_url":"http://localhost/api/deployments/hello/rpc/"}]"#)

            answer = try await ask(.get, "/v1/functions/hello", nil)
            #expect(
                answer.body
                    == #"{"code":"def%20main%28args%2C%20context%29%3A%20return%201","name":"hello","runner_url":"http://localhost/v1/functions/hello/rpc/"}"#
            )

            answer = try await ask(.patch, "/v1/functions/hello", #"{"code": "x%20=%202", "requirements": "Pillow"}"#)
            #expect(answer.status == 200 && answer.body.hasPrefix(#"{"uuid":""#) && answer.body.count == 47)
            answer = try await ask(.get, "/v1/functions/hello", nil)
            #expect(
                answer.body
                    == #"{"code":"x%20%3D%202","name":"hello","runner_url":"http://localhost/v1/functions/hello/rpc/","requirements":"Pillow"}"#
            )

            answer = try await ask(.patch, "/v1/functions/hello/", #"{"name": "hallo"}"#)
            #expect(answer.status == 200)
            answer = try await ask(.delete, "/v1/functions/hallo", nil)
            #expect(answer.status == 200 && answer.body.hasPrefix(#"{"uuid":""#))
            answer = try await ask(.get, "/v1/functions/hallo", nil)
            #expect(answer.status == 404 && answer.body == failure("Not found."))
        }
    }

    @Test func `applications keep their functions apart, and None is the default one`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.test { ask in
            for path in ["/v1/functions/app/", "/v1/functions/None/"] {
                let answer = try await ask(.put, path, #"{"name": "hello.py", "code": "%20x", "context": ""}"#)
                #expect(answer.status == 200)
            }
            var answer = try await ask(.get, "/v1/functions/app/", nil)
            #expect(
                answer.body == #"[{"name":"hello.py","runner_url":"http://localhost/v1/functions/app/hello.py/rpc/"}]"#)
            answer = try await ask(.get, "/v1/functions/None/", nil)
            #expect(answer.body == #"[{"name":"hello.py","runner_url":"http://localhost/v1/functions/hello.py/rpc/"}]"#)
            answer = try await ask(.get, "/v1/functions/None/hello.py", nil)
            #expect(answer.status == 200)
            answer = try await ask(.get, "/v1/sync/functions/app/hello.py/rpc/?a=1", nil)
            #expect(answer.body == #"{"a":"1"}"#)
        }
    }

    @Test(arguments: [
        ("PUT", "/v1/functions/", #"{"code": "x"}"#, "`name` is missing."),
        ("PUT", "/v1/functions/", #"{"name": "a"}"#, "`code` is missing."),
        ("PUT", "/v1/functions/", #"{"name": "a", "code": ""}"#, "The code is empty."),
        (
            "PUT", "/v1/functions/", #"{"name": "a b", "code": "x"}"#,
            "Invalid name: `a b`. Allowed only letters and numbers"
        ),
        ("PUT", "/v1/functions/", #"{"name": 1}"#, "`name` must be a string (line 1, column 10)."),
        (
            "PUT", "/v1/functions/", "{\"name\": \"a\",\n oops",
            "Malformed JSON: a key in double quotes is expected (line 2, column 2)."
        ),
        ("PUT", "/v1/functions/", "", "Malformed JSON: an object is expected (line 1, column 1)."),
        (
            "PUT", "/v1/functions/", #"{"name": "a", "code": "x", "context": "no%20equals"}"#,
            "Line 1 of the context has no `=`; each line must be `KEY=Value`."
        ),
        (
            "PATCH", "/v1/functions/one", "{}",
            "Nothing to change: give at least one of code, context, name, requirements, limits, retry, concurrency."
        ),
        (
            "PATCH", "/v1/functions/one", #"{"other": 1}"#,
            "Nothing to change: give at least one of code, context, name, requirements, limits, retry, concurrency."
        ),
        ("PATCH", "/v1/functions/one", #"{"code": ""}"#, "The code is empty."),
        (
            "GET", "/v1/functions/" + String(repeating: "x", count: 129), "",
            "Invalid name: `\(String(repeating: "x", count: 128))…`. Allowed only 128 characters"
        ),
        ("GET", "/v1/functions/rpc", "", "Invalid name: `rpc`. Allowed only letters and numbers"),
    ])
    func `what is wrong is a 400 that says so`(method: String, path: String, body: String, message: String) async throws
    {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("one")
        try await fixture.test { ask in
            let answer = try await ask(HTTPRequest.Method(method)!, path, body)
            #expect(answer.status == 400 && answer.body == failure(message))
        }
    }

    @Test func `code with a syntax error is a 400 with its traceback`() async throws {
        let fixture = try await FaceFixture()
        fixture.platform.sandbox.onPrepare { _ in
            .success(
                PrepareOutcome(
                    result: .failure(
                        ExecutionFault(
                            kind: .raised, type: "SyntaxError", message: "invalid syntax", traceback: "TB",
                            file: "hello.py", line: 1)), logs: [], usage: .init()))
        }
        try await fixture.test { ask in
            let answer = try await ask(.put, "/v1/functions/", create)
            #expect(answer.status == 400)
            #expect(
                answer.body
                    == failure("SyntaxError: invalid syntax (hello.py, line 1)", code: "invalid_code", traceback: "TB"))
        }
    }

    @Test func `an existing name is a 409, too large a body a 413`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello")
        try await fixture.test { ask in
            var answer = try await ask(.put, "/v1/functions/", create)
            #expect(answer.status == 409 && answer.body == failure("Function `hello` already exists."))
            answer = try await ask(.put, "/v1/functions/", String(repeating: " ", count: 5000))
            #expect(
                answer.status == 413
                    && answer.body
                        == failure(
                            "The request's body may have 4096 bytes and has more; that is all this server takes.")
            )
        }
    }

    @Test func `a secret context comes back in no answer`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.test { ask in
            let body = #"{"name": "s", "code": "x", "context": "KEY%3Dgeheim"}"#
            let created = try await ask(.put, "/v1/functions/", body)
            #expect(created.status == 200)
            for path in ["/v1/functions/", "/v1/functions/s", "/v1/executions/?include_completed=true"] {
                let answer = try await ask(.get, path, nil)
                #expect(answer.status == 200 && !answer.body.contains("geheim"))
            }
        }
        _ = try await fixture.platform.platform.invoke(
            FunctionKey(name: try FunctionName("s")), input: Array("{}".utf8))
        #expect(fixture.platform.sandbox.called.last?.context == Array(#"{"KEY":"geheim"}"#.utf8))
    }
}
