import HTTPTypes
import Model
import Platform
import Storage
import Synchronization
import TestSupport
import Testing

/// What the queue offers beyond FaaSpot: options of runs, batches, waits, logs, dead letters, metrics.
struct QueueRouteTests {
    private func uuid(_ body: String) -> String { String(body.dropFirst().dropLast()) }

    private func header(_ name: String, _ answer: FaceFixture.Answer) -> String? {
        HTTPField.Name(name).flatMap { answer.headers[$0] }
    }

    @Test func `headers of a run become what its execution shows`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello")
        let headers = fixture.headers([
            "X-Swiftlet-Delay": "86400.5", "X-Swiftlet-Priority": "-7", "X-Swiftlet-Max-Age": "172800",
            "X-Callback-Url": "https://example.com/done",
        ])
        try await fixture.test(headers: headers) { ask in
            let answer = try await ask(.post, "/v1/functions/hello/rpc/", #"{"a":1}"#)
            #expect(answer.status == 200)
            let execution = try await ask(.get, "/v1/executions/\(uuid(answer.body))", nil)
            for part in [#""priority":-7"#, #""scheduled":""#, #""expires":""#, #""arguments":{"a":1},"history":[]"#] {
                #expect(execution.body.contains(part), "\(part) in \(execution.body)")
            }
            let stored = try #require(try await fixture.platform.platform.executions(matching: .init()).first)
            #expect(stored.callback == "https://example.com/done")
            let delay = try #require(stored.notBefore).since(stored.createdAt)
            #expect(delay == .seconds(86_400) + .milliseconds(500))
        }
    }

    @Test(arguments: [
        ("X-Swiftlet-Delay", "soon", "must be a number of seconds from 0 to 2592000, but is `soon`."),
        ("X-Swiftlet-Delay", "-1", "must be a number of seconds from 0 to 2592000, but is `-1`."),
        ("X-Swiftlet-Delay", "2592001", "must be a number of seconds from 0 to 2592000, but is `2592001`."),
        ("X-Swiftlet-Max-Age", "nan", "must be a number of seconds from 0 to 2592000, but is `nan`."),
        ("X-Swiftlet-Priority", "101", "must be a whole number from -100 to 100, but is `101`."),
        ("X-Swiftlet-Priority", "1.5", "must be a whole number from -100 to 100, but is `1.5`."),
        ("Idempotency-Key", "schlüssel", "must be 1 to 255 printable ASCII characters."),
    ])
    func `a header out of its bounds is refused by name`(name: String, value: String, message: String) async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello")
        try await fixture.test(headers: fixture.headers([name: value])) { ask in
            for (path, body) in [("rpc/", "{}"), ("bulk_rpc/", "[{}]")] {
                let answer = try await ask(.post, "/v1/functions/hello/\(path)", body)
                #expect(answer.status == 400 && answer.body == failure("The header `\(name)` \(message)"))
            }
        }
    }

    @Test func `lists show running calls only where they are asked for`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello")
        fixture.platform.sandbox.holdCalls()
        try await fixture.test { (ask) async throws in
            async let done = ask(.get, "/v1/sync/functions/hello/rpc/", nil)
            await fixture.platform.sandbox.waitUntilHolding(1)
            let id = try #require(fixture.platform.sandbox.held.first)
            #expect(try await ask(.get, "/v1/executions/", nil).body.contains("\(id)"))
            for path in [
                "dead_letters/", "executions/?created_before=2020-01-01T00:00:00Z",
                "executions/?status=Started&created_after=2100-01-01T00:00:00Z", "executions/?before=\(id)",
            ] {
                #expect(try await ask(.get, "/v1/\(path)", nil).body == "[]", "\(path)")
            }
            fixture.platform.sandbox.finish(id, .output("1"))
            #expect(try await done.body == "1")
        }
    }

    @Test func `a callback to a private address is refused`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello")
        try await fixture.test(headers: fixture.headers(["X-Callback-Url": "http://127.0.0.1:9/"])) { ask in
            let answer = try await ask(.get, "/v1/functions/hello/rpc/", nil)
            #expect(answer.status == 400 && answer.body.contains("--allow-private-callbacks"))
        }
    }

    @Test func `the same key gives the same uuids, and another request with it is a conflict`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello")
        try await fixture.test(headers: fixture.headers(["Idempotency-Key": "order 7"])) { ask in
            let first = try await ask(.post, "/v1/functions/hello/bulk_rpc/", #"[{"n":1},{"n":2}]"#)
            let second = try await ask(.post, "/v1/functions/hello/bulk_rpc/", #"[{"n":1},{"n":2}]"#)
            #expect(first.body == second.body && first.body.count == 2 * 38 + 3)
            #expect(header("X-Swiftlet-Batch", first) == header("X-Swiftlet-Batch", second))
            #expect(header("X-Swiftlet-Batch", first) != nil)
            let other = try await ask(.post, "/v1/functions/hello/rpc/", #"{"n":3}"#)
            #expect(other.status == 409 && other.body.contains(#""error_code":"idempotency_conflict""#))
        }
    }

    @Test func `a bulk request tells its progress`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello")
        try await fixture.test { ask in
            let answer = try await ask(.post, "/v1/functions/hello/bulk_rpc/", #"[{"n":1},{"n":2},{"n":3}]"#)
            let batch = try #require(header("X-Swiftlet-Batch", answer))
            let ids = answer.body.dropFirst().dropLast().split(separator: ",").map { uuid(String($0)) }
            _ = try await ask(.delete, "/v1/executions/\(ids[1])", nil)
            let progress = try await ask(.get, "/v1/executions/batch/\(batch)", nil)
            let counts = #""total":3,"Pending":2,"Started":0,"Success":0,"Failure":0,"Cancelled":1,"created":""#
            #expect(progress.status == 200 && progress.body.hasPrefix(#"{"uuid":"\#(batch)",\#(counts)"#))
            #expect(try await ask(.get, "/v1/executions/batch/\(ids[0])", nil).status == 404)
        }
    }

    @Test func `lists can be limited to statuses and times, page by page`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello")
        try await fixture.test { ask in
            let bulk = try await ask(.post, "/v1/functions/hello/bulk_rpc/", "[{},{},{},{}]")
            let ids = bulk.body.dropFirst().dropLast().split(separator: ",").map { uuid(String($0)) }
            for id in ids[..<2] { _ = try await ask(.delete, "/v1/executions/\(id)", nil) }
            let cancelled = try await ask(.get, "/v1/executions/?status=cancelled,Failure", nil)
            #expect(cancelled.body.split(separator: #""uuid""#).count == 3 && header("X-Next-Before", cancelled) == nil)
            let page = try await ask(.get, "/v1/executions/?limit=1&function=hello", nil)
            #expect(header("X-Next-Before", page) == ids[3] && page.body.contains(ids[3]))
            let next = try await ask(.get, "/v1/executions/?limit=1&before=\(ids[3])", nil)
            #expect(next.body.contains(ids[2]))
            for (query, isFound) in [
                ("created_after=2017-07-21T15:10:52Z", true), ("created_before=2017-07-21%2015:10:52.5%2B00:00", false),
                ("created_after=2999-01-01", false),
            ] {
                #expect(try await ask(.get, "/v1/executions/?\(query)", nil).body.contains(ids[2]) == isFound)
            }
            for query in ["status=done", "created_after=yesterday", "created_before=2017-02-29", "limit=0", "before=x"]
            {
                #expect(try await ask(.get, "/v1/executions/?\(query)", nil).status == 400, "\(query)")
            }
        }
    }

    @Test func `a wait answers with the end, or with how things stand`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello")
        try await fixture.test { ask in
            let id = uuid(try await ask(.post, "/v1/functions/hello/rpc/", #"{"n":1}"#).body)
            let waiting = try await ask(.get, "/v1/executions/\(id)?wait=0.01", nil)
            #expect(waiting.body.contains(#""status":"Pending""#))
            try await fixture.platform.withServices {
                let ended = try await ask(.get, "/v1/executions/\(id)?wait=60", nil)
                #expect(ended.body.contains(#""status":"Success","output":{"n":1}"#))
            }
            for wait in ["61", "-1", "x"] {
                let answer = try await ask(.get, "/v1/executions/\(id)?wait=\(wait)", nil)
                #expect(
                    answer.status == 400 && answer.body == failure("`wait` must be a number of seconds from 0 to 60."))
            }
        }
    }

    @Test func `logs are shown, and followed to the end`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello")
        fixture.platform.sandbox.onCall { _ in
            var outcome = CallOutcome.output("1")
            outcome.logs = [LogLine(time: Timestamp(microseconds: 0), stream: .stderr, text: "a \"line\"\u{1}")]
            return .success(outcome)
        }
        try await fixture.test { ask in
            let id = uuid(try await ask(.post, "/v1/functions/hello/rpc/", nil).body)
            #expect(try await ask(.get, "/v1/executions/\(id)/logs", nil).body == "[]")
            try await fixture.platform.withServices {
                let followed = try await ask(.get, "/v1/executions/\(id)/logs?follow=true", nil)
                let line =
                    #"{"time":"1970-01-01 00:00:00.000000+00:00","stream":"stderr","text":"a \"line\"\u0001","attempt":1}"#
                let beginning = "event: log\ndata: \(line)\n\nevent: end\ndata: {\"uuid\":\"\(id)\""
                #expect(followed.body.hasPrefix(beginning) && followed.body.hasSuffix("}\n\n"))
                #expect(followed.headers[.contentType] == "text/event-stream")
                #expect(try await ask(.get, "/v1/executions/\(id)/logs", nil).body == "[\(line)]")
            }
            #expect(try await ask(.get, "/v1/executions/\(fixture.unknown)/logs?follow=true", nil).status == 404)
        }
    }

    @Test func `dead letters are listed, redriven and purged`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello")
        fixture.platform.sandbox.onCall { _ in .success(.fault(.raised, "ValueError", "no")) }
        try await fixture.test { ask in
            var ids: [String] = []
            for _ in 0..<4 { ids.append(uuid(try await ask(.post, "/v1/functions/hello/rpc/", nil).body)) }
            try await fixture.platform.withServices { [ids] in
                for id in ids { _ = try await ask(.get, "/v1/executions/\(id)?wait=60", nil) }
            }
            let dead = try await ask(.get, "/v1/dead_letters/?function=hello&limit=3", nil)
            #expect(dead.body.split(separator: #""dead":true"#).count == 4)
            #expect(header("X-Next-Before", dead) == ids[1])
            let redriven = try await ask(.post, "/v1/dead_letters/\(ids[0])/redrive", nil)
            let new = String(redriven.body.dropFirst(9).dropLast(2))
            let repetition = try await ask(.get, "/v1/executions/\(new)", nil)
            #expect(repetition.body.contains(#""redriven_from":"\#(ids[0])""#))
            #expect(try await ask(.post, "/v1/dead_letters/\(ids[0])/redrive", nil).status == 404)
            #expect(try await ask(.delete, "/v1/dead_letters/\(ids[1])", nil).body == #"{"purged":1}"#)
            #expect(try await ask(.post, "/v1/dead_letters/redrive?function=other", nil).body == #"{"redriven":0}"#)
            #expect(try await ask(.delete, "/v1/dead_letters/?function=hello", nil).body == #"{"purged":2}"#)
            #expect(try await ask(.post, "/v1/dead_letters/redrive", nil).body == #"{"redriven":0}"#)
            let metrics = try await ask(.get, "/metrics", nil)
            for line in [
                "swiftlet_executions_accepted_total 5", "swiftlet_executions_queued 1", "swiftlet_executions_running 0",
                #"swiftlet_executions_settled_total{status="failed"} 4"#,
            ] {
                #expect(metrics.body.contains("\n\(line)\n"), "\(line)")
            }
        }
    }

    @Test func `a function's retries and concurrency are taken, shown and changed one by one`() async throws {
        let fixture = try await FaceFixture()
        try await fixture.test { ask in
            let retry = #""retry":{"attempts":3,"backoff_ms":50,"on":["timeout","error"]}"#
            let code = #""code":"def main(args, context): return 1","context":"""#
            let created = try await ask(.put, "/v1/functions/", #"{"name":"hello",\#(code),\#(retry),"concurrency":4}"#)
            #expect(created.status == 200, "\(created.body)")
            let shown =
                #""retry":{"attempts":3,"backoff_ms":50,"backoff_max_ms":60000,"on":["error","timeout"]},"concurrency":4"#
            var function = try await ask(.get, "/v1/functions/hello", nil)
            #expect(function.body.contains(shown), "\(function.body)")
            #expect(try await ask(.patch, "/v1/functions/hello", #"{"concurrency":null}"#).status == 200)
            function = try await ask(.get, "/v1/functions/hello", nil)
            #expect(function.body.contains(#""attempts":3"#) && !function.body.contains("concurrency"))
            for (body, message) in [
                (#"{"retry":{"attempts":21}}"#, "`retry.attempts` is 21, but must be between 1 and 20."),
                (#"{"concurrency":0}"#, "`concurrency` is 0, but must be between 1 and 10000, or null."),
            ] {
                let answer = try await ask(.patch, "/v1/functions/hello", body)
                #expect(answer.status == 400 && answer.body == failure(message))
            }
            for body in [#"{"retry":{"tries":1}}"#, #"{"retry":{"on":["never"]}}"#, #"{"concurrency":"many"}"#] {
                #expect(try await ask(.patch, "/v1/functions/hello", body).status == 400, "\(body)")
            }
        }
    }
}

extension FaceFixture {
    /// The uuid of no execution.
    var unknown: String { "01234567-89ab-7def-8000-000000000009" }
}
