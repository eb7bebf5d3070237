import HTTPTypes
import Model
import Platform
import TestSupport
import Testing

@testable import FaceOpenFaaS

/// What callers are told, whatever became of their calls.
struct CallTests {
    struct Ending: Sendable, CustomTestStringConvertible {
        var language: Language
        var fault: ExecutionFault.Kind
        var status: Int
        var body: String
        var origin: String

        var testDescription: String { "\(language.rawValue) \(fault)" }

        init(_ language: Language, _ fault: ExecutionFault.Kind, _ status: Int, _ body: String, _ origin: String) {
            self.language = language
            self.fault = fault
            self.status = status
            self.body = body
            self.origin = origin
        }
    }

    static let endings: [Ending] = [
        Ending(.classic, .exited, 500, "exit status 7\n", "of-watchdog"),
        Ending(.flask, .raised, 500, "Internal Server Error\n", "of-watchdog"),
        Ending(.http, .limit, 500, "MemoryError: too much\n", "of-watchdog"),
        Ending(.classic, .trapped, 500, "Can't reach service for: hello.", "proxy"),
        Ending(.classic, .workerLost, 500, "Can't reach service for: hello.", "proxy"),
        Ending(.http, .timedOut, 504, "", "of-watchdog"),
    ]

    @Test(arguments: endings)
    func `calls that end badly have the agreed answers`(_ ending: Ending) async throws {
        let fixture = try await GatewayFixture()
        try await fixture.build("hello", language: ending.language.rawValue)
        fixture.platform.sandbox.onCall { _ in
            let fault = ExecutionFault(kind: ending.fault, type: "MemoryError", message: "too much", exitCode: 7)
            return .success(CallOutcome(output: nil, fault: fault, logs: [], usage: ResourceUsage()))
        }
        try await fixture.test { ask in
            try await deploy(ask, fixture)
            let answer = try await ask(.post, "/function/hello", "x", [:])
            #expect(answer.status == ending.status && answer.body == ending.body)
            #expect(answer.headers[Reply.internalError] == ending.origin)
        }
    }

    @Test func `a classic call whose time is up is 408, and 502 where the gateway's is`() async throws {
        var fixture = try await GatewayFixture()
        fixture.configuration.timeout = .seconds(5)
        try await fixture.build("hello")
        fixture.platform.sandbox.onCall { _ in
            let fault = ExecutionFault(kind: .timedOut, type: "TimeoutError", message: "")
            return .success(CallOutcome(output: nil, fault: fault, logs: [], usage: ResourceUsage()))
        }
        let done = fixture
        try await fixture.test { ask in
            try await deploy(ask, done, #","envVars":{"exec_timeout":"1s"}"#)
            let killed = try await ask(.post, "/function/hello", "x", [:])
            #expect(killed.status == 408 && killed.body == "Killed process.\n")
            try await deploy(ask, done)
            let late = try await ask(.post, "/function/hello", "x", [:])
            #expect(late.status == 502 && late.body.isEmpty)
        }
        #expect(fixture.platform.sandbox.called.map(\.limits.wallTimeMilliseconds) == [1000, 5000])
    }

    @Test func `no more calls run than the function says`() async throws {
        let fixture = try await GatewayFixture()
        try await fixture.build("hello")
        fixture.platform.sandbox.holdCalls()
        try await fixture.test { ask in
            try await deploy(ask, fixture, #","envVars":{"max_inflight":"1"}"#)
            async let first = ask(.post, "/function/hello", "x", [:])
            await fixture.platform.sandbox.waitUntilHolding(1)
            #expect(try await ask(.post, "/function/hello", "x", [:]).status == 429)
            for id in fixture.platform.sandbox.held {
                fixture.platform.sandbox.finish(id, GatewayFixture.outcome(status: 200, body: []))
            }
            #expect(try await first.status == 200)
        }
    }

    @Test func `the function's status, headers and body are passed on, and those of one connection are not`()
        async throws
    {
        let fixture = try await GatewayFixture()
        try await fixture.build("hello")
        fixture.platform.sandbox.onCall { _ in
            .success(
                GatewayFixture.outcome(
                    status: 418, body: Array("tea".utf8),
                    headers: [
                        ("X-Own", "1"), ("Connection", "close"), ("Content-Length", "99"), ("Bad Name", "x"),
                        ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Split", "a\r\nb"),
                    ]))
        }
        try await fixture.test { ask in
            try await deploy(ask, fixture)
            let answer = try await ask(.post, "/function/hello", "x", [.contentType: "text/x-mine"])
            #expect(answer.status == 418 && answer.body == "tea")
            #expect(answer.headers[.contentType] == "text/x-mine")
            #expect(answer.headers[values: .setCookie] == ["a=1", "b=2"])
            #expect(answer.headers[.connection] == nil && answer.headers[.init("X-Split")!] == nil)
            #expect(answer.headers[CallHeaders.duration] == "0.001500")
        }
    }

    @Test func `the result of an asynchronous call becomes a message with the function's headers`() throws {
        let request = GatewayRequest(
            method: "POST", path: "/", query: "", function: "hello.dev", body: [],
            headers: [("X-Call-Id", "theirs"), ("Content-Type", "text/x-mine")])
        var execution = Execution(
            id: ExecutionID(firstAt: Timestamp(microseconds: 1)), task: .runFunction, trigger: .asynchronous,
            function: nil, status: .succeeded, input: request.encoded, createdAt: Timestamp(microseconds: 1))
        execution.output =
            GatewayFixture.outcome(status: 201, body: Array("made".utf8), headers: [("X-Own", "1")]).output
        execution.usage.wallMicroseconds = 2_000_001
        func headers() throws -> [String: String] {
            let message = try #require(OpenFaaSFace.callbackMessage(for: execution))
            return Dictionary(uniqueKeysWithValues: message.headers.map { ($0.name, $0.value) })
        }
        #expect(
            try headers() == [
                "X-Own": "1", "Content-Type": "text/x-mine", "X-Duration-Seconds": "2.000001",
                "X-Function-Status": "201", "X-Function-Name": "hello.dev", "X-Call-Id": "theirs",
            ])
        execution.output = nil
        execution.fault = ExecutionFault(kind: .platform, type: "PlatformError", message: "gone")
        #expect(try headers()["X-Function-Status"] == "503")
        #expect(OpenFaaSFace.callbackMessage(for: execution)?.body.isEmpty == true)
        execution.input = Array(#"{"a":1}"#.utf8)
        #expect(OpenFaaSFace.callbackMessage(for: execution) == nil, "another face's execution")
    }

    private func deploy(
        _ ask: GatewayFixture.Ask, _ fixture: GatewayFixture, _ more: String = ""
    ) async throws {
        let body = #"{"service":"hello","image":"hello:latest"\#(more)}"#
        #expect(try await ask(.post, "/system/functions", body, fixture.login).status == 202)
    }
}
