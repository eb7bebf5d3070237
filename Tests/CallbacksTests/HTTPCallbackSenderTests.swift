import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Platform
import Synchronization
import Testing

@testable import Callbacks

/// Answers for every name with what a test says.
struct FixedResolver: AddressResolver {
    var known: [String]

    func addresses(of host: String) async throws -> [NetworkAddress] { known.compactMap { NetworkAddress($0) } }
}

struct HTTPCallbackSenderTests {
    private func request(_ url: String) throws -> CallbackRequest {
        CallbackRequest(
            url: try #require(CallbackURL(url)), headers: [("Content-Type", "application/json"), ("X-Call-Id", "7")],
            body: Array(#"{"a":1}"#.utf8), timeout: .seconds(20))
    }

    /// Runs a receiver on this machine while `body` runs.
    private func withReceiver(
        _ status: HTTPResponse.Status, _ body: @escaping @Sendable (Int, Received) async throws -> Void
    ) async throws {
        let received = Received()
        let router = Router()
        router.post("hook") { request, _ in
            let text = String(buffer: try await request.body.collect(upTo: 1000))
            let (host, id) = (request.head.authority ?? "", request.headers[.init("X-Call-Id")!] ?? "")
            received.lines.withLock { $0.append("\(host.prefix { $0 != ":" }) \(id) \(text)") }
            return Response(status: status, headers: status == .found ? [.location: "/other"] : [:])
        }
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)))
        try await application.test(.live) { client in
            let port = try #require(client.port)
            try await body(port, received)
        }
    }

    private final class Received: Sendable {
        let lines = Mutex<[String]>([])
    }

    @Test func `a message goes to the address that was checked, under the name that was asked for`() async throws {
        try await withReceiver(.ok) { port, received in
            let sender = HTTPCallbackSender(
                HTTPSender(allowsPrivate: true, resolver: FixedResolver(known: ["127.0.0.1"])))
            let request = try self.request("http://hooks.example.com:\(port)/hook")
            let delivery = await sender.send(request)
            #expect(delivery == .delivered)
            #expect(received.lines.withLock { $0 } == [#"hooks.example.com 7 {"a":1}"#])
        }
    }

    @Test func `a name that has one address that is not public is refused, and nothing is sent`() async throws {
        try await withReceiver(.ok) { port, received in
            let sender = HTTPCallbackSender(
                HTTPSender(allowsPrivate: false, resolver: FixedResolver(known: ["8.8.8.8", "127.0.0.1"])))
            let request = try self.request("http://hooks.example.com:\(port)/hook")
            let delivery = await sender.send(request)
            #expect(delivery == .refused("`hooks.example.com` is 127.0.0.1, which is not a public address"))
            #expect(received.lines.withLock { $0.isEmpty })
        }
    }

    @Test(arguments: [HTTPResponse.Status.found, .internalServerError, .notFound])
    func `an answer other than success is a failure, and no redirect is followed`(status: HTTPResponse.Status)
        async throws
    {
        try await withReceiver(status) { port, received in
            let sender = HTTPCallbackSender(
                HTTPSender(allowsPrivate: true, resolver: FixedResolver(known: ["127.0.0.1"])))
            let request = try self.request("http://hooks.example.com:\(port)/hook")
            let delivery = await sender.send(request)
            #expect(delivery == .failed("the answer was \(status.code)"))
            #expect(received.lines.withLock { $0.count } == 1)
        }
    }

    @Test func `a host that is not there is a failure`() async throws {
        let sender = HTTPCallbackSender(HTTPSender(allowsPrivate: true, resolver: FixedResolver(known: [])))
        guard case .failed = await sender.send(try request("http://hooks.example.com/")) else {
            Issue.record("it was delivered to nobody")
            return
        }
    }

    @Test func `the system's resolver knows this machine, and takes written addresses as they are`() async throws {
        let addresses = try await SystemResolver().addresses(of: "localhost")
        #expect(!addresses.isEmpty && addresses.allSatisfy { !$0.isPublic })
        #expect(try await SystemResolver().addresses(of: "8.8.8.8").map(\.description) == ["8.8.8.8"])
    }
}
