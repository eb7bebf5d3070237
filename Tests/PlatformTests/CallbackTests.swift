import Crypto
import Model
import ServiceLifecycle
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Platform

/// Takes messages and answers as a test says.
final class ScriptedSender: CallbackSender {
    private let state: Mutex<(answers: [CallbackDelivery], sent: [CallbackRequest])>
    let (arrivals, arrival) = AsyncStream<Void>.makeStream()

    init(_ answers: [CallbackDelivery]) { state = Mutex((answers, [])) }

    var sent: [CallbackRequest] { state.withLock { $0.sent } }

    func send(_ request: CallbackRequest) async -> CallbackDelivery {
        defer { arrival.yield() }
        return state.withLock { state in
            state.sent.append(request)
            return state.answers.isEmpty ? .delivered : state.answers.removeFirst()
        }
    }
}

struct CallbackTests {
    private let key = CallbackKey(Array("secret".utf8))

    private func run(
        _ fixture: PlatformFixture, _ sender: ScriptedSender, _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        let service = fixture.platform.callbackService(key: key, sender: sender) {
            .json(Array("\($0.id) \($0.status.rawValue)".utf8))
        }
        try await fixture.withServices(and: [service], body)
    }

    private func noMore(_ fixture: PlatformFixture) async throws {
        let far = Timestamp(microseconds: .max)
        while try await !fixture.store.callbacks(dueAt: far, limit: 9).callbacks.isEmpty { await Task.yield() }
    }

    @Test func `the end of an execution is told once, signed`() async throws {
        let fixture = try PlatformFixture()
        let function = try await fixture.deploy("hello")
        let sender = ScriptedSender([])
        try await run(fixture, sender) {
            let runs = try await fixture.platform.enqueue(
                function, inputs: [Array("{}".utf8)], RunOptions(callback: "https://example.com/x?y=1"), isBatch: false)
            for await _ in sender.arrivals { break }
            try await self.noMore(fixture)
            #expect(sender.sent.count == 1)
            let request = sender.sent[0]
            #expect(request.url.host == "example.com" && request.url.port == 443)
            #expect(String(decoding: request.body, as: UTF8.self) == "\(runs.ids[0]) succeeded")
            let headers = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name, $0.value) })
            #expect(headers["X-Call-Id"] == runs.ids[0].description)
            let timestamp = try #require(headers["X-Swiftlet-Timestamp"])
            let code = HMAC<SHA256>.authenticationCode(
                for: Array("\(timestamp).".utf8) + request.body, using: SymmetricKey(data: Array("secret".utf8)))
            let digits = code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            #expect(headers["X-Swiftlet-Signature"] == "sha256=\(digits)")
        }
    }

    @Test func `what could not be delivered is tried again, and given up in the end`() async throws {
        let fixture = try PlatformFixture {
            $0.callbackAttempts = 3
            $0.callbackBackoff = .microseconds(10)
        }
        let function = try await fixture.deploy("hello")
        let sender = ScriptedSender([.failed("500"), .failed("500"), .failed("500")])
        try await run(fixture, sender) {
            _ = try await fixture.platform.enqueue(
                function, inputs: [Array("{}".utf8)], RunOptions(callback: "http://example.com/"), isBatch: false)
            var count = 0
            for await _ in sender.arrivals {
                count += 1
                if count == 3 { break }
            }
            try await self.noMore(fixture)
        }
        #expect(sender.sent.count == 3)
    }

    @Test func `what must not be sent is given up at once`() async throws {
        let fixture = try PlatformFixture()
        let function = try await fixture.deploy("hello")
        let sender = ScriptedSender([.refused("private")])
        try await run(fixture, sender) {
            _ = try await fixture.platform.enqueue(
                function, inputs: [Array("{}".utf8)], RunOptions(callback: "http://example.com/"), isBatch: false)
            for await _ in sender.arrivals { break }
            try await self.noMore(fixture)
        }
        #expect(sender.sent.count == 1)
    }

    @Test(arguments: [
        "http://127.0.0.1/", "http://localhost:80/", "http://a.localhost/", "https://10.1.2.3/", "http://[::1]/x",
        "http://169.254.169.254/latest", "http://[::ffff:192.168.0.1]/", "http://[fe80::1]/", "http://[fd00::1]/",
        "http://0.0.0.0/", "http://100.64.0.1/", "http://224.0.0.1/", "http://[64:ff9b::7f00:1]/", "http://172.31.0.9/",
    ])
    func `an address that is not public is refused unless it is allowed`(url: String) async throws {
        let fixture = try PlatformFixture()
        let function = try await fixture.deploy("hello")
        await #expect {
            _ = try await fixture.platform.enqueue(function, inputs: [[]], RunOptions(callback: url), isBatch: false)
        } throws: {
            ($0 as? PlatformError)?.code == .invalidRequest
        }
        let open = try PlatformFixture { $0.allowsPrivateCallbacks = true }
        let other = try await open.deploy("hello")
        _ = try await open.platform.enqueue(other, inputs: [[]], RunOptions(callback: url), isBatch: false)
    }

    @Test(arguments: [
        "", "example.com", "ftp://example.com/", "http://", "http:///x", "http://user@example.com/", "http://a b/",
        "http://example.com:0/", "http://example.com:99999/", "http://exämple.com/", "http://example.com/#x",
        "http://[::1/", "http://example.com\\@127.0.0.1/",
    ])
    func `what is no address is no callback`(url: String) { #expect(CallbackURL(url) == nil) }

    @Test(arguments: [
        "8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "172.32.0.1", "100.128.0.1", "2001:4860:4860::8888",
    ])
    func `public addresses are public`(address: String) throws {
        #expect(try #require(NetworkAddress(address)).isPublic)
    }
}
