import HTTPTypes
import Testing

@testable import Client

@Suite struct LogTests {
    private static let stream = """
        event: log
        data: {"stream": "stdout", "text": "one"}

        : still here

        event: log
        data: {"stream": "stderr",
        data: "text": "zwei ü"}

        event: end
        data: {"status": "Success"}


        """

    @Test(arguments: [1, 2, 3, 7, 1000])
    func eventsArePutTogetherHoweverTheyAreCut(_ size: Int) {
        for text in [
            Self.stream, Self.stream.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n"),
        ] {
            var parser = ServerSentEvent.Parser()
            let bytes = Array(text.utf8)
            let events = stride(from: 0, to: bytes.count, by: size).flatMap {
                parser.take(bytes[$0..<min($0 + size, bytes.count)])
            }
            #expect(events.map(\.name) == ["log", "log", "end"])
            #expect(events[1].data == "{\"stream\": \"stderr\",\n\"text\": \"zwei ü\"}")
        }
    }

    @Test func followingGivesEveryLineAndThenTheExecution() async throws {
        let requests = try await FakeServer.with([.init(body: Self.stream)]) { client async throws in
            let lines = Lines()
            let execution = try await client.followLogs("id") { lines.texts.append($0["text"]?.string ?? "") }
            #expect(lines.texts == ["one", "zwei ü"])
            #expect(execution["status"] == "Success")
        }
        #expect(requests.map(\.line) == ["GET /v1/executions/id/logs?follow=true"])
    }

    @Test func aStreamThatBreaksOffIsAnError() async throws {
        _ = try await FakeServer.with([.init(body: "event: log\ndata: {}\n\n"), .init(status: .notFound, body: "{}")]) {
            client async throws in
            for _ in 0..<2 { await #expect(throws: ClientError.self) { try await client.followLogs("id") { _ in } } }
        }
    }

    private final class Lines { var texts: [String] = [] }
}

@Suite struct QueueRequestTests {
    @Test func optionsTravelAsHeadersAndPoliciesInTheBody() async throws {
        let options = RunOptions(
            idempotencyKey: "k", delay: 1.5, priority: -3, maximumAge: 60, callbackURL: "https://example.org/")
        #expect(
            options.headers.map { "\($0): \($1)" } == [
                "Idempotency-Key: k", "X-Swiftlet-Delay: 1.5", "X-Swiftlet-Priority: -3", "X-Swiftlet-Max-Age: 60.0",
                "X-Callback-Url: https://example.org/",
            ])
        #expect(RunOptions().isEmpty && RunOptions().headers.isEmpty)
        let policy = FunctionPolicy(attempts: 3, backoffMilliseconds: 10, retryOn: ["error"], concurrency: 2)
        #expect(
            JSON.object(policy.members).compact
                == #"{"retry":{"attempts":3,"backoff_ms":10,"on":["error"]},"concurrency":2}"#)
        let requests = try await FakeServer.with([.init(body: #"{"uuid": "u"}"#)]) { client async throws in
            _ = try await client.updateFunction("f", FunctionChanges(policy: FunctionPolicy(concurrency: 4)))
        }
        #expect(requests.first?.body == #"{"concurrency":4}"#)
    }

    @Test func listsAreAskedForByQuery() {
        #expect(ExecutionQuery().text == "?include_completed=False")
        #expect(
            ExecutionQuery(function: "a/b", statuses: ["Failure"], createdAfter: "2026-01-01T00:00:00Z", limit: 5).text
                == "?include_completed=True&deployment=a%2Fb&status=Failure&created_after=2026-01-01T00%3A00%3A00Z&limit=5"
        )
    }
}
