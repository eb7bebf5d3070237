import HTTPTypes
import Model
import Platform
import Storage
import TestSupport
import Testing

struct ExecutionRouteTests {
    private let created = Timestamp(microseconds: 1_500_649_852_537_686)

    private func id(_ number: UInt64) -> ExecutionID { ExecutionID(high: 0x0123_4567_89ab_7def, low: 1 << 63 | number) }

    private func text(_ number: UInt64) -> String { "01234567-89ab-7def-8000-00000000000\(number)" }

    private func key() throws -> FunctionKey { FunctionKey(name: try FunctionName("hello")) }

    @Test func `an ended execution shows everything that is known`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.store.record([
            Execution(
                id: id(1), task: .runFunction, trigger: .synchronous, function: try key(), status: .failed,
                fault: ExecutionFault(kind: .raised, type: "ValueError", message: "no", traceback: "TB"), attempts: 2,
                createdAt: created, startedAt: created, finishedAt: created + .milliseconds(1500),
                usage: ResourceUsage(wallMicroseconds: 1_499_600, cpuMicroseconds: 400, peakMemoryBytes: 1 << 20))
        ])
        try await fixture.test { ask in
            let answer = try await ask(.get, "/v1/executions/\(text(1))", nil)
            #expect(
                answer.body == """
                    {"uuid":"\(text(1))","name":"tasks.run_function","status":"Failure","output":"ValueError: no",\
                    "created":"2017-07-21 15:10:52.537686+00:00","started":"2017-07-21 15:10:52.537686+00:00",\
                    "finished":"2017-07-21 15:10:54.037686+00:00","error":"ValueError: no","traceback":"TB","attempts":2,\
                    "cpu_ms":0,"wall_ms":1500,"peak_memory_bytes":1048576,"function":"hello","history":[{"attempt":2,\
                    "status":"Failure","started":"2017-07-21 15:10:52.537686+00:00",\
                    "finished":"2017-07-21 15:10:54.037686+00:00","error":"ValueError: no","traceback":"TB","cpu_ms":0,\
                    "wall_ms":1500}]}
                    """)
        }
    }

    @Test func `the output of a failed one is a single line`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.store.record([
            Execution(
                id: id(1), task: .runFunction, trigger: .synchronous, function: try key(), status: .failed,
                fault: ExecutionFault(kind: .raised, type: "ValueError", message: "one\n\r\n two"), createdAt: created)
        ])
        try await fixture.test { ask in
            let body = try await ask(.get, "/v1/executions/\(text(1))", nil).body
            #expect(body.contains(#""output":"ValueError: one  two""#) && body.contains(#""error":"ValueError: one\n"#))
        }
    }

    @Test func `a queued one has no output, and a cancel ends it`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.store.enqueue([
            Execution(
                id: id(1), task: .runFunction, trigger: .asynchronous, function: try key(), status: .queued,
                createdAt: created)
        ])
        try await fixture.test { ask in
            var answer = try await ask(.get, "/v1/executions/\(text(1))/", nil)
            #expect(
                answer.body == """
                    {"uuid":"\(text(1))","name":"tasks.run_function","status":"Pending","output":null,\
                    "created":"2017-07-21 15:10:52.537686+00:00","attempts":0,"function":"hello","history":[]}
                    """)
            answer = try await ask(.get, "/v1/executions/", nil)
            #expect(answer.body.contains(text(1)))
            answer = try await ask(.delete, "/v1/executions/\(text(1))", nil)
            #expect(answer.status == 200 && answer.body.contains(#""status":"Cancelled""#))
            answer = try await ask(.get, "/v1/executions/?include_completed=False", nil)
            #expect(answer.body == "[]")
            answer = try await ask(.get, "/v1/executions/?include_completed=TRUE&deployment=hello", nil)
            #expect(answer.body.contains(text(1)))
            answer = try await ask(.get, "/v1/executions/?include_completed=True&deployment=other", nil)
            #expect(answer.body == "[]")
        }
    }

    @Test func `a bulk answer keeps the order and leaves unknown ones out`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.store.record(
            try (1...3).map { number in
                Execution(
                    id: id(number), task: .runFunction, trigger: .synchronous, function: try key(), status: .succeeded,
                    output: Array("\(number)".utf8), createdAt: created)
            })
        try await fixture.test { ask in
            let list = "[\"\(text(3))\", \"\(text(9))\", \"no uuid\", \"\(text(1))\"]"
            for body in [list, "{\"tasks\": \"\(list.replacing("\"", with: "\\\""))\"}"] {
                let answer = try await ask(.post, "/v1/executions/bulk", body)
                #expect(answer.status == 200)
                let outputs = answer.body.split(separator: "\"output\":").dropFirst().map(\.first)
                #expect(outputs == ["3", "1"])
            }
            let answer = try await ask(.post, "/v1/executions/bulk", "[1]")
            #expect(answer.status == 400)
            #expect(answer.body == failure("The body must be a list of uuid strings (line 1, column 2)."))
        }
    }

    @Test(arguments: [
        "/v1/executions/01234567-89ab-7def-8000-000000000009", "/v1/executions/nonsense", "/v1/else",
    ])
    func `what there is not is not found`(path: String) async throws {
        let fixture = try await FaceFixture()
        try await fixture.test { ask in
            let answer = try await ask(.get, path, nil)
            #expect(answer.status == 404 && answer.body == failure("Not found."))
        }
    }

    @Test(arguments: [
        ("POST", "/v1/functions/"), ("POST", "/v1/functions/hello"), ("PUT", "/v1/functions/hello"),
        ("PUT", "/v1/executions/"), ("PATCH", "/v1/executions/x"), ("GET", "/v1/executions/bulk"),
        ("DELETE", "/v1/functions/hello/rpc/"), ("GET", "/v1/functions/hello/bulk_rpc/"), ("POST", "/v1/spots/"),
    ])
    func `a method that a path has not is not allowed`(method: String, path: String) async throws {
        let fixture = try await FaceFixture()
        try await fixture.test { ask in
            let answer = try await ask(HTTPRequest.Method(method)!, path, nil)
            #expect(answer.status == 405 && answer.body == failure("Method not allowed."))
        }
    }
}
