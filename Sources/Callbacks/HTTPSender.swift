import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
public import Platform

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Sends requests over HTTP. The name is resolved here, every address that it has is checked, and the connection goes to a
/// checked address, under the name: whoever answers for the name later cannot turn the request elsewhere.
public struct HTTPSender: OutboundSender {
    private let allowsPrivate: Bool
    private let resolver: any AddressResolver
    /// The address of this server, `http://HOST:PORT`, once it has one.
    private let gateway: @Sendable () -> String?
    private let clients = PinnedClients()

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

    public func send(_ request: OutboundRequest) async -> Result<OutboundAnswer, OutboundFailure> {
        if GatewayHost.isMeant(by: request.url) { return await sendHome(request) }
        let host = request.url.host
        let addresses: [NetworkAddress]
        do { addresses = try await resolver.addresses(of: host) } catch {
            return .failure(.failed("the name `\(host)` could not be resolved"))
        }
        guard let address = addresses.first else { return .failure(.failed("the name `\(host)` has no address")) }
        if !allowsPrivate, let stranger = addresses.first(where: { !$0.isPublic }) {
            return .failure(.refused("`\(host)` is \(stranger), which is not a public address"))
        }
        return await clients.use(PinnedClients.Place(host: host, address: address.description)) { client in
            await Self.send(request, client)
        }
    }

    /// Sends to this server what is meant for the gateway of a cluster.
    private func sendHome(_ request: OutboundRequest) async -> Result<OutboundAnswer, OutboundFailure> {
        let path = request.url.text.split(separator: "://", maxSplits: 1)[1].drop { !"/?".contains($0) }
        guard let home = gateway(), let url = CallbackURL(home + path) else {
            return .failure(.failed("this server has no address yet"))
        }
        var request = request
        request.url = url
        return await clients.use(PinnedClients.Place(host: url.host, address: url.host)) { [request] client in
            await Self.send(request, client)
        }
    }

    private static func send(
        _ request: OutboundRequest, _ client: HTTPClient
    ) async -> Result<OutboundAnswer, OutboundFailure> {
        var message = HTTPClientRequest(url: request.url.text)
        message.method = HTTPMethod(rawValue: request.method)
        for (name, value) in request.headers { message.headers.add(name: name, value: value) }
        if !request.body.isEmpty { message.body = .bytes(ByteBuffer(bytes: request.body)) }
        do {
            let answer = try await client.execute(message, timeout: TimeAmount(request.timeout))
            let body = try await answer.body.collect(upTo: request.maximumAnswerBytes)
            return .success(
                OutboundAnswer(
                    status: Int(answer.status.code), headers: answer.headers.map { ($0.name, $0.value) },
                    body: Array(body.readableBytesView)))
        } catch is NIOTooManyBytesError {
            return .failure(.failed("the answer has more than \(request.maximumAnswerBytes) bytes"))
        } catch let error as HTTPClientError where error == .deadlineExceeded || error == .connectTimeout {
            return .failure(.timedOut("`\(request.url.host)` did not answer in time"))
        } catch {
            return .failure(.failed(sentence(for: error, request.url)))
        }
    }

    /// What became of a connection, without the words of the libraries, which name files of theirs.
    private static func sentence(for error: any Error, _ url: CallbackURL) -> String {
        switch error {
        case let error as HTTPClientError: "\(error.shortDescription) (`\(url.host)`)"
        case is NIOConnectionError: "no connection to `\(url.host)`, port \(url.port), could be made"
        case let error as IOError:
            "the connection to `\(url.host)` broke: \(String(cString: strerror(error.errnoCode)))"
        default:
            url.text.lowercased().hasPrefix("https:")
                ? "no secure connection to `\(url.host)` could be made: it speaks no TLS, or its certificate is not to be trusted"
                : "the request to `\(url.host)` failed"
        }
    }
}
