import Logging
import NIOCore
import NIOPosix
import PlatformHTTP
import ServiceLifecycle
import Synchronization

/// Sends bytes over one connection and shows what comes back.
final class RawClient {
    struct Answer {
        var status: Int
        /// By lower-case names.
        var fields: [String: String]
        /// As it came: with the sizes of chunks.
        var body: String
    }

    /// The connection has ended before an answer did.
    struct Ended: Error { var after: String }

    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var left = ByteBuffer()

    private init(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    static func of(_ paths: PathTable, _ body: (RawClient) async throws -> Void) async throws {
        try await of(paths) { client, _ in try await body(client) }
    }

    /// Runs a server with a client at it; the second argument asks the server to stop.
    static func of(_ paths: PathTable, _ body: (RawClient, () -> Void) async throws -> Void) async throws {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let server = paths.server(at: "127.0.0.1", 0, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) {
            port.yield($0.localAddress?.port ?? 0)
        }
        let group = ServiceGroup(services: [server], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        async let running: Void = group.run()
        for await port in ports {
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .channelOption(.allowRemoteHalfClosure, value: true)
                .connect(host: "127.0.0.1", port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                            wrappingChannelSynchronously: channel,
                            configuration: .init(isOutboundHalfClosureEnabled: true))
                    }
                }
            try await channel.executeThenClose { inbound, outbound in
                try await body(RawClient(inbound, outbound)) { Task { await group.triggerGracefulShutdown() } }
            }
            break
        }
        await group.triggerGracefulShutdown()
        try await running
    }

    func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    /// Says that nothing more will be sent.
    func finish() { outbound.finish() }

    /// All that comes until the server ends the connection.
    func rest() async throws -> String {
        while let more = try await inbound.next() { left.writeImmutableBuffer(more) }
        defer { left.clear() }
        return String(buffer: left)
    }

    /// The next answer.
    func answer(isBodyless: Bool = false) async throws -> Answer {
        let head = try await text(through: "\r\n\r\n")
        var lines = head.split(separator: "\r\n")
        let status = Int(lines.removeFirst().split(separator: " ")[1]) ?? 0
        let fields = lines.map { $0.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false) }
        var answer = Answer(
            status: status,
            fields: Dictionary(fields.map { ($0[0].lowercased(), String($0[1])) }) { "\($0)\n\($1)" }, body: "")
        if isBodyless || status < 200 {
            return answer
        } else if answer.fields["transfer-encoding"] == "chunked" {
            answer.body = try await text(through: "0\r\n\r\n")
        } else {
            let length = Int(answer.fields["content-length"] ?? "") ?? 0
            while left.readableBytes < length { try await more() }
            answer.body = left.readString(length: length) ?? ""
        }
        return answer
    }

    private func text(through mark: String) async throws -> String {
        while true {
            let view = left.readableBytesView
            if let end = view.firstRange(of: mark.utf8)?.upperBound {
                return left.readString(length: end - view.startIndex) ?? ""
            }
            try await more()
        }
    }

    private func more() async throws {
        guard let more = try await inbound.next() else { throw Ended(after: String(buffer: left)) }
        left.writeImmutableBuffer(more)
    }
}
