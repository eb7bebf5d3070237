import HTTPTypes
import Model
import Platform
import TestSupport
import Testing

/// Planner JSON, to the byte: its clients refuse keys that they do not know.
@Suite struct PlannerTests {
    private let upload = "def faasm_main(): pass"

    @Test func `a batch is answered with its number, and its status with the results in order`() async throws {
        let fixture = try FaceFixture()
        try await fixture.test { ask in
            #expect(try await ask(.put, "/faasm/upload/p/python/echo", "x = 1", [:]).status == 200)
            let batch = """
                {"appId": 7, "user": "python", "function": "py_func", "messages": [
                {"id": 3, "appId": 7, "user": "python", "function": "py_func", "isPython": true,
                 "pythonFunction": "echo", "inputData": "aGk", "unknown": [1]},
                {"id": 4, "appId": 7, "user": "python", "function": "py_func", "python": true, "py_func": "echo",
                 "py_user": "python", "pythonEntry": "other", "cmdline": "a b", "input_data": "_w=="}]}
                """
            let started = try await ask(.post, "/", Self.message(10, batch), [:])
            #expect((started.status, started.body) == (200, #"{"appId":7}"#))
            let status = try await ask(.post, "/", Self.message(11, #"{"appId": "7"}"#), [:])
            // Times differ from run to run.
            let shown = status.body.replacing(/"(start|finish)_ts":"\d+"/) { "\"\($0.1)_ts\":\"T\"" }
            #expect(
                shown == #"""
                    {"appId":7,"finished":true,"messageResults":[{"id":3,"appId":7,"user":"python","function":"py_func",\#
                    "python":true,"py_func":"echo","input_data":"aGk=","output_data":"hi","start_ts":"T","finish_ts":"T",\#
                    "executedHost":"127.0.0.1"},{"id":4,"appId":7,"user":"python","function":"py_func","python":true,\#
                    "py_user":"python","py_func":"echo","pythonEntry":"other","cmdline":"a b","input_data":"/w==",\#
                    "output_data":"/w==","start_ts":"T","finish_ts":"T","executedHost":"127.0.0.1",\#
                    "execGraphDetails":{"output_encoding":"base64"}}]}
                    """#)
        }
        let details = fixture.platform.sandbox.called.map { String(decoding: $0.detail, as: UTF8.self) }
        #expect(details.contains("") && details.contains { $0.contains(#""entry":"other""#) })
    }

    @Test func `what a call ends with is told by its number and a text`() async throws {
        let fixture = try FaceFixture()
        fixture.platform.sandbox.onCall { _ in .success(.fault(.timedOut, "TimeoutError", "too long")) }
        try await fixture.test { ask in
            _ = try await ask(.put, "/faasm/upload/p/u/f", "x = 1", [:])
            let batch = #"{"user":"u","function":"f","appId":1,"messages":[{"appId":1,"user":"u","function":"f"}]}"#
            _ = try await ask(.post, "/", Self.message(10, batch), [:])
            let status = try await ask(.post, "/", Self.message(11, #"{"appId":1}"#), [:])
            #expect(status.body.contains(#""returnValue":-110"#))
            #expect(status.body.contains(#""output_data":"Call failed (return value=-110)\nTimeoutError: too long""#))
            let call = try await ask(.get, "/faasm/call/u/f", nil, [:])
            #expect(call.status == 504)
        }
    }

    @Test func `a full queue is what clients try again for`() async throws {
        let fixture = try FaceFixture { $0.maximumUnfinishedExecutions = 0 }
        try await fixture.test { ask in
            _ = try await ask(.put, "/faasm/upload/p/u/f", "x = 1", [:])
            let batch = #"{"user":"u","function":"f","messages":[{"user":"u","function":"f"}]}"#
            let refused = try await ask(.post, "/", Self.message(10, batch), [:])
            #expect((refused.status, refused.body) == (500, "No available hosts"))
            let call = try await ask(.post, "/faasm/call/u/f?async=true", "", [:])
            #expect(call.status == 429 && call.headers[HTTPField.Name("Retry-After")!] != nil)
        }
    }

    @Test(arguments: [
        #"{"user":"u"}"#, #"{"user":"u","function":"f","messages":[]}"#,
        #"{"user":"u","function":"f","messages":[{"user":"v","function":"f"}]}"#,
        #"{"user":"u","function":"f","appId":2,"messages":[{"user":"u","function":"f"}]}"#,
        #"{"user":"u","function":"f","messages":[{"user":"u"}]}"#, #"{"user":"u","function":"f","messages":[1]}"#,
        #"{"user":"u","function":"f","messages":[{"user":"u","function":"f","input_data":"%"}]}"#,
    ])
    func `a batch that is none is refused`(_ batch: String) async throws {
        try await FaceFixture().test { ask in
            let answer = try await ask(.post, "/", Self.message(10, batch), [:])
            #expect((answer.status, answer.body) == (400, "Bad BatchExecRequest"))
        }
    }

    private static func message(_ type: Int, _ payload: String) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("http_type", Int64(type))
            writer.member("payload", payload)
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
