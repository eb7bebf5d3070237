import HTTPTypes
import Model
import Platform
import TestSupport
import Testing

struct SpotRouteTests {
    /// A face whose server has one spot.
    private func withSpots(_ body: @escaping @Sendable (FaceFixture, FaceFixture.Ask) async throws -> Void) async throws
    {
        let fixture = try await FaceFixture()
        try await fixture.platform.platform.spots.restore(
            first: SpotSize(minimumWorkers: 1, maximumWorkers: 2), count: 1)
        try await fixture.platform.withServices { try await fixture.test { ask in try await body(fixture, ask) } }
    }

    /// The output of an execution that has ended.
    private func outcome(of id: String, _ ask: FaceFixture.Ask) async throws -> String {
        while true {
            let answer = try await ask(.get, "/v1/executions/\(id.dropFirst().dropLast())", nil)
            try #require(answer.status == 200)
            if answer.body.contains(#""finished":""#) { return answer.body }
            await Task.yield()
        }
    }

    @Test func `spots are listed, added and removed by executions that end when it is so`() async throws {
        try await withSpots { fixture, ask in
            let list = try await ask(.get, "/v1/spots/", nil)
            #expect(list.body.hasPrefix(#"[{"ip":"127.0.1.1","created":"#) && list.body.contains(#""state":"ready"}]"#))
            fixture.platform.sandbox.holdSpots()
            let added = try await ask(.put, "/v1/spots/", #"{"region": null, "provider": null}"#)
            #expect(added.status == 200)
            await fixture.platform.sandbox.waitForSpots(2)
            let pending = try await ask(.get, "/v1/executions/\(added.body.dropFirst().dropLast())", nil)
            #expect(pending.body.contains(#""name":"tasks.create_spot","status":"Started","output":null"#))
            #expect(try await ask(.get, "/v1/executions/", nil).body.contains("tasks.create_spot"))
            #expect(try await ask(.get, "/v1/spots/127.0.1.2", nil).body.contains(#""state":"creating""#))
            fixture.platform.sandbox.releaseSpots()
            #expect(try await outcome(of: added.body, ask).contains(#""status":"Success","output":"127.0.1.2""#))
            let removed = try await ask(.delete, "/v1/spots/127.0.1.1", nil)
            #expect(try await outcome(of: removed.body, ask).contains(#""output":"127.0.1.1""#))
            #expect(try await ask(.get, "/v1/spots/127.0.1.1", nil).body == failure("Not found."))
            #expect(fixture.platform.sandbox.spotLog == ["open 1 1-2", "open 2 1-2", "close 1"])
        }
    }

    @Test func `who waits for a change of spots is woken by its end`() async throws {
        let fixture = try await FaceFixture { $0.maximumWait = .seconds(86_400) }
        try await fixture.platform.platform.spots.restore(
            first: SpotSize(minimumWorkers: 1, maximumWorkers: 2), count: 1)
        try await fixture.platform.withServices {
            try await fixture.test { (ask) async throws in
                fixture.platform.sandbox.holdSpots()
                let added = try await ask(.put, "/v1/spots/", nil)
                let path = "/v1/executions/\(added.body.dropFirst().dropLast())?wait=86400"
                async let ended = ask(.get, path, nil)
                await fixture.platform.sandbox.waitForSpots(2)
                fixture.platform.sandbox.releaseSpots()
                #expect(try await ended.body.contains(#""status":"Success","output":"127.0.1.2""#))
            }
        }
    }

    @Test func `spots are replaced and given new addresses, in every dialect`() async throws {
        try await withSpots { _, ask in
            let replaced = try await ask(.get, "/v1/nodes/App/replace/127.0.1.1", nil)
            #expect(try await outcome(of: replaced.body, ask).contains(#""output":"127.0.1.2""#))
            let all = try await ask(.patch, "/api/spots/", "refresh_ip=all")
            #expect(try await outcome(of: all.body, ask).contains(#""output":"127.0.1.3""#))
            let one = try await ask(.patch, "/v1/nodes/App/", #"{"refresh_ip": "127.0.1.3"}"#)
            #expect(try await outcome(of: one.body, ask).contains(#""output":"127.0.1.4""#))
            #expect(try await ask(.patch, "/v1/spots/", #"{"refresh_ip": "127.0.1.3"}"#).status == 404)
        }
    }

    @Test func `the size of spots is set at once, in numbers or texts, within bounds`() async throws {
        try await withSpots { fixture, ask in
            let set = try await ask(.patch, "/v1/spots/", #"{"min_workers": "2", "max_workers": 4}"#)
            #expect(set.status == 200 && set.body == #"{"min_workers":2,"max_workers":4}"#)
            await fixture.platform.sandbox.waitForSpots(2)
            #expect(fixture.platform.sandbox.spotLog.last == "resize 1 2-4")
            #expect(
                try await ask(.get, "/v1/spots/127.0.1.1", nil).body.hasSuffix(#""min_workers":2,"max_workers":4}"#))
            for body in [
                #"{"min_workers": 0}"#, #"{"min_workers": 5}"#, #"{"max_workers": 5000}"#, #"{"max_workers": "x"}"#,
                "{}",
                "[", #"{"refresh_ip": 1}"#,
            ] {
                #expect(try await ask(.patch, "/v1/spots/", body).status == 400)
            }
        }
    }

    @Test func `without any spot queued runs wait and others are told`() async throws {
        try await withSpots { fixture, ask in
            try await fixture.platform.deploy("hello")
            let removed = try await ask(.delete, "/v1/spots/", nil)
            _ = try await outcome(of: removed.body, ask)
            fixture.platform.sandbox.onCall { _ in .failure(.noSpots) }
            let blocking = try await ask(.get, "/v1/sync/functions/hello/rpc/", nil)
            #expect(blocking.status == 503 && blocking.body == failure("No spots available.", code: "no_spots"))
            let called = fixture.platform.sandbox.called.count
            let queued = try await ask(.post, "/v1/functions/hello/rpc/", "{}")
            let pending = try await ask(.get, "/v1/executions/\(queued.body.dropFirst().dropLast())", nil)
            #expect(pending.body.contains(#""status":"Pending""#) && fixture.platform.sandbox.called.count == called)
            fixture.platform.sandbox.onCall { _ in .success(.output("7")) }
            _ = try await ask(.put, "/v1/spots/", nil)
            #expect(try await outcome(of: queued.body, ask).contains(#""status":"Success","output":7"#))
            #expect(try await ask(.delete, "/v1/spots/127.0.1.9", nil).status == 404)
        }
    }
}
