import AsyncHTTPClient
import NIOCore
import NIOHTTP1
public import Platform

/// Sends callbacks over HTTP. The name is resolved here, every address that it has is checked, and the connection goes to a
/// checked address, under the name: whoever answers for the name later cannot turn the request elsewhere.
public struct HTTPCallbackSender: CallbackSender {
    private let allowsPrivate: Bool
    private let resolver: any AddressResolver
    /// The address of this server, `http://HOST:PORT`, once it has one.
    private let gateway: @Sendable () -> String?
    private static let maximumAnswerBytes = 64 << 10

    public init(allowsPrivate: Bool, gateway: @escaping @Sendable () -> String? = { nil }) {
        self.init(allowsPrivate: allowsPrivate, gateway: gateway, resolver: SystemResolver())
    }

    init(
        allowsPrivate: Bool, gateway: @escaping @Sendable () -> String? = { nil }, resolver: any AddressResolver
    ) {
        self.allowsPrivate = allowsPrivate
        self.gateway = gateway
        self.resolver = resolver
    }

    public func send(_ request: CallbackRequest) async -> CallbackDelivery {
        if GatewayHost.isMeant(by: request.url) { return await sendHome(request) }
        let addresses: [NetworkAddress]
        do { addresses = try await resolver.addresses(of: request.url.host) } catch {
            return .failed("the name `\(request.url.host)` could not be resolved")
        }
        guard let address = addresses.first else { return .failed("the name `\(request.url.host)` has no address") }
        if !allowsPrivate, let stranger = addresses.first(where: { !$0.isPublic }) {
            return .refused("`\(request.url.host)` is \(stranger), which is not a public address")
        }
        return await send(request, to: address)
    }

    /// Sends to this server what is meant for the gateway of a cluster.
    private func sendHome(_ request: CallbackRequest) async -> CallbackDelivery {
        let text = request.url.text
        let path = text.split(separator: "://", maxSplits: 1)[1].drop { !"/?".contains($0) }
        guard let home = gateway(), let url = CallbackURL(home + path), let address = NetworkAddress(url.host) else {
            return .failed("this server has no address yet")
        }
        var request = request
        request.url = url
        return await send(request, to: address)
    }

    private func send(_ request: CallbackRequest, to address: NetworkAddress) async -> CallbackDelivery {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.dnsOverride = [request.url.host: address.description]
        configuration.timeout = .init(connect: .seconds(5))
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let delivery: CallbackDelivery
        do {
            var message = HTTPClientRequest(url: request.url.text)
            message.method = .POST
            for (name, value) in request.headers { message.headers.add(name: name, value: value) }
            message.body = .bytes(ByteBuffer(bytes: request.body))
            let answer = try await client.execute(message, timeout: TimeAmount(request.timeout))
            // Read, so that the connection ends well; what it says does not matter.
            _ = try? await answer.body.collect(upTo: Self.maximumAnswerBytes)
            let status = Int(answer.status.code)
            delivery = (200..<300).contains(status) ? .delivered : .failed("the answer was \(status)")
        } catch {
            delivery = .failed("\(error)")
        }
        try? await client.shutdown()
        return delivery
    }
}
