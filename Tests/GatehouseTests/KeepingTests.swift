import LabelledFiles
import Labels
import Model
import Platform
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Gatehouse

/// Asynchronous calls, services, and logs.
@Suite struct KeepingTests {
    @Test func `an asynchronous call is answered later, under its label, and forgotten after a while`() async throws {
        let clock = Mutex(Timestamp(microseconds: 1_000_000))
        let time = TimeSource(now: { clock.withLock { $0 } })
        try await House.run(House.configured { $0.resultLifetime = .seconds(60) }, time: time) { house in
            try await house.register("home:<T,alice>:f", "alice/f,T", as: "alice")
            house.sandbox.holdCalls()
            let (gatehouse, sandbox) = (house.gatehouse, house.sandbox)
            let request = try house.request("home:<T,alice>:f", as: "alice")
            let alice = try component("alice")
            let bob = try component("bob")
            try await house.fixture.withServices(and: gatehouse.services) {
                let id = try await gatehouse.start(request)
                await sandbox.waitUntilHolding(1)
                #expect(try await gatehouse.result(of: id, for: alice, label: .public) == nil)
                let call = try #require(ExecutionID(id))
                _ = await sandbox.ask(FileOperation.labelTaint.rawValue, [bytes("alice,T")], of: call)
                sandbox.finish(call, .answer("later"))
                var answer: GateAnswer?
                while answer == nil {
                    answer = try await gatehouse.result(of: id, for: alice, label: .public)
                    await Task.yield()
                }
                #expect(answer?.text == "later")
                #expect(
                    await failure { _ = try await gatehouse.result(of: id, for: bob, label: .public) } == .unreadable)
                clock.withLock { $0 = $0 + .seconds(61) }
                #expect(
                    await failure { _ = try await gatehouse.result(of: id, for: alice, label: .public) }
                        == .unknownInvocation)
            }
            #expect(await failure { _ = try await gatehouse.start(request) } == .busy(retryAfterSeconds: 1))
        }
    }

    @Test func `an acknowledged call and its answer outlive the server`() async throws {
        let clock = Mutex(Timestamp(microseconds: 1_000_000))
        let time = TimeSource(now: { clock.withLock { $0 } })
        try await House.run(House.configured { $0.resultLifetime = .seconds(60) }, time: time) { house in
            try await house.register("home:<T,alice>:f", "alice/f,T", as: "alice")
            let alice = try component("alice")
            let bob = try component("bob")
            house.sandbox.onCall { call in
                let found = (try? await house.ask(.labelTaint, bytes("alice,T"), of: call.id)) ?? []
                return .success(.answer("\(text(call.input)) \(found.first ?? [])"))
            }
            let upload = try await house.upload(bytes("file"), as: "alice")
            let request = try house.request("home:<T,alice>:f", as: "alice", "payload", uploads: [("a", upload)])
            // No service of this server ever begins it.
            let id = try await house.gatehouse.start(request)
            let next = try await house.reopened()
            _ = try await next.collect()
            try await house.fixture.withServices(and: next.services) {
                while try await next.result(of: id, for: alice, label: .public) == nil { await Task.yield() }
            }
            let last = try await house.reopened()
            #expect(try await last.result(of: id, for: alice, label: .public)?.text == "payload [0, 1]")
            #expect(await failure { _ = try await last.result(of: id, for: bob, label: .public) } == .unreadable)
            #expect(house.sandbox.called.count == 1)
            #expect(try await last.files.check().findings == [])
            #expect(try await last.files.records().map(\.uploads.count) == [0])
            clock.withLock { $0 = $0 + .seconds(61) }
            _ = try await last.collect()
            #expect(try await last.files.records().isEmpty)
        }
    }

    @Test func `calls wait only as far as their files may be open`() async throws {
        try await House.run(House.configured { $0.maximumPendingFiles = 2 }) { house in
            try await house.register("~:f", "alice,T", as: "alice")
            let file = try await house.upload(bytes("file"), as: "alice")
            for isTaken in [true, true, false] {
                let request = try house.request("~:f", as: "alice", uploads: [("a", file)])
                let refusal = await failure { _ = try await house.gatehouse.start(request) }
                #expect(refusal == (isTaken ? nil : .busy(retryAfterSeconds: 1)))
            }
        }
    }

    @Test func `calls wait only as far as their payloads have room`() async throws {
        try await House.run(House.configured { $0.maximumPendingBytes = 10 }) { house in
            try await house.register("~:f", "alice,T", as: "alice")
            for (payload, isTaken) in [("123456", true), ("12345", false), ("1234", true)] {
                let request = try house.request("~:f", as: "alice", payload)
                let refusal = await failure { _ = try await house.gatehouse.start(request) }
                #expect(refusal == (isTaken ? nil : .busy(retryAfterSeconds: 1)))
            }
        }
    }

    @Test func `no more asynchronous calls are taken than may be`() async throws {
        try await House.run(House.configured { $0.maximumInvocations = 2 }) { house in
            try await house.register("~:f", "alice,T", as: "alice")
            let request = try house.request("~:f", as: "alice")
            for _ in 0..<2 { _ = try await house.gatehouse.start(request) }
            #expect(await failure { _ = try await house.gatehouse.start(request) } == .busy(retryAfterSeconds: 1))
        }
    }

    /// Makes a service and a gate, and has the gate's function call the service.
    private func callService(_ house: House, url: String, verb: String = "POST") async throws -> [[UInt8]] {
        try await house.register("home:<T,alice>:caller", "alice,T", as: "alice")
        let reply = Mutex<[[UInt8]]>([])
        house.sandbox.onCall { call in
            let got = (try? await house.call("home:<T,alice>:s", "body", of: call.id)) ?? []
            reply.withLock { $0 = got }
            return .success(.answer(""))
        }
        try await house.fsutil(
            #"""
            {"op": "create-service", "args": {"path": "home:<T,alice>:s", "policy": "T,T", "label": "T,T", "url": "\#(url)",
              "verb": "\#(verb)", "headers": {"x": "1"}}}
            """#, as: "alice")
        _ = try await house.invoke("home:<T,alice>:caller", as: "alice")
        return reply.withLock { $0 }
    }

    @Test func `services are sent to hosts that the operator names, and redirects stay there`() async throws {
        try await House.run(hosts: ["api.example"]) { house in
            house.sender.answer(302, [("Location", "/next?a=1")])
            house.sender.answer(200, [("X-A", "1"), ("x-a", "2")], "done")
            let reply = try await callService(house, url: "http://api.example:80/first")
            try #require(reply.count == 7)
            #expect(reply[0] == [0] && reply[1] == [1] && reply[2] == HostFields.bytes(UInt32(200)))
            #expect(text(reply[3]) == #"{"x-a":"1, 2"}"# && text(reply[4]) == "done")
            let (first, second) = (house.sender.requests[0], house.sender.requests[1])
            #expect(first.method == "POST" && text(first.body) == "body" && first.headers.map(\.value) == ["1"])
            #expect(
                second.method == "GET" && second.body.isEmpty && second.url.text == "http://api.example:80/next?a=1")
        }
    }

    @Test func `a redirect to another host is an answer, and other hosts are not asked`() async throws {
        try await House.run(hosts: ["api.example"]) { house in
            house.sender.answer(307, [("Location", "http://other.example/")])
            let reply = try await callService(house, url: "http://api.example/")
            try #require(reply.count == 7)
            #expect(reply[2] == HostFields.bytes(UInt32(307)) && house.sender.requests.count == 1)
        }
        try await House.run(hosts: ["api.example"]) { house in
            let reply = try await callService(house, url: "http://other.example/")
            #expect(reply == [[FileCode.serviceFailed.rawValue]] && house.sender.requests.isEmpty)
            var lines: [String] = []
            let log = try await house.gatehouse.logs(
                of: FilePath(parsing: "home:<T,alice>:caller"), for: component("alice"))
            for await line in log { lines.append(line.text) }
            #expect(lines.contains { $0.contains("other.example") })
        }
    }

    @Test func `a log shows each what he may know, denials too`() async throws {
        try await House.run { house in
            try await house.register("home:<T,alice>:f", "alice/f,T", as: "alice")
            house.sandbox.onCall { call in
                let isSecret = text(call.input) == "secret"
                if isSecret {
                    _ = try? await house.ask(.labelTaint, bytes("alice,T"), of: call.id)
                    _ = try? await house.ask(.fsCreateDir, bytes("home:<T,alice/f>:d"), [], of: call.id)
                }
                var outcome = CallOutcome.answer("")
                let line = isSecret ? "alice's" : "everybody's"
                outcome.logs = [LogLine(time: Timestamp(microseconds: 1), stream: .stdout, text: line)]
                return .success(outcome)
            }
            let path = try FilePath(parsing: "home:<T,alice>:f")
            let followed = try await house.gatehouse.logs(of: path, for: component("bob"), follow: true)
            for payload in ["secret", "open"] { _ = try await house.invoke("home:<T,alice>:f", as: "alice", payload) }
            var seen: [String: [GateLogLine]] = [:]
            for user in ["alice", "bob"] {
                for await line in try await house.gatehouse.logs(of: path, for: component(user)) {
                    seen[user, default: []].append(line)
                }
            }
            #expect(seen["bob"]?.map(\.text) == ["everybody's"])
            #expect(seen["alice"]?.map(\.stream) == [.denial, .stdout, .stdout])
            for await line in followed {
                #expect(line.text == "everybody's")
                break
            }
        }
    }

    @Test func `logs are bounded`() {
        var configuration = GatehouseConfiguration(keys: SigningKeys(publicPEM: [], privatePEM: []))
        configuration.maximumLogLines = 2
        configuration.maximumLoggedGates = 1
        let logs = GateLogs(configuration)
        let lines = (1...3).map { GateLogLine(time: Timestamp(microseconds: 0), stream: .stdout, text: "\($0)") }
        logs.append(lines, label: .public, of: ObjectID(rawValue: 1))
        #expect(logs.count(of: ObjectID(rawValue: 1)) == 2)
        logs.append(lines, label: .public, of: ObjectID(rawValue: 2))
        #expect(logs.count(of: ObjectID(rawValue: 1)) == 0)
    }
}
