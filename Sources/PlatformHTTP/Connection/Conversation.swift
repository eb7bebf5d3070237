import NIOCore
import NIOHTTP1
import Platform

/// What comes in over a connection, until somebody takes it. Lives on the connection's event loop.
final class Conversation: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never

    /// What comes next.
    enum Next {
        /// A request with its body, or without where that has not come as a whole.
        case request(HTTPRequestHead, body: ByteBuffer?)
        /// Bytes that are no request.
        case malformed
        case end
    }

    private static let interruption = PlatformError(.invalidRequest, "the request ended before its body did")

    /// Where answers go to.
    private let output: ChannelHandlerContext
    private var parts = CircularBuffer<HTTPServerRequestPart>()
    private var waitingBytes = 0
    /// The client's reads are held back above this many bytes, or so many parts.
    private static let most = (bytes: 256 << 10, parts: 256)
    private var isHoldingRead = false
    /// Whether the request that was taken last has not ended.
    private var isInBody = false
    /// Whether its client waits to be told that it may send the body.
    private var awaitsGo = false
    private var isOver = false
    private var isMalformed = false
    /// Whether the server stops: the next answer is the last.
    private(set) var isAskedToEnd = false

    private var request: CheckedContinuation<Next, Never>?
    private var part: CheckedContinuation<ByteBuffer?, any Error>?
    private var room: CheckedContinuation<Void, any Error>?
    private var drained: CheckedContinuation<Void, Never>?

    init(output: ChannelHandlerContext) { self.output = output }
}

// MARK: What is taken

extension Conversation {
    /// The next request, if it or the end has come. What is left of the one before is dropped.
    func takeRequest() -> Next? {
        awaitsGo = false
        while isInBody, !parts.isEmpty { if case .end = removeFirst() { isInBody = false } }
        guard !isInBody, case .head(let head)? = parts.first else {
            guard parts.isEmpty, isOver else { return nil }
            return isMalformed && !isInBody ? .malformed : .end
        }
        _ = removeFirst()
        isInBody = true
        if let body = wholeBody() { return .request(head, body: body) }
        awaitsGo =
            head.isNew && head.headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
        return .request(head, body: nil)
    }

    /// The body whose parts come next, if its end is among them.
    private func wholeBody() -> ByteBuffer? {
        guard parts.contains(where: { if case .end = $0 { true } else { false } }) else { return nil }
        isInBody = false
        var body: ByteBuffer?
        while case .body(var piece) = removeFirst() {
            if body == nil { body = piece } else { body?.writeBuffer(&piece) }
        }
        return body ?? ByteBuffer()
    }

    /// Resumes with the next request when it comes.
    func awaitRequest(_ waiting: CheckedContinuation<Next, Never>) {
        request = waiting
        settle()
    }

    /// Resumes with the next part of the body.
    func awaitPart(_ waiting: CheckedContinuation<ByteBuffer?, any Error>) {
        guard part == nil else { return waiting.resume(throwing: Self.interruption) }
        part = waiting
        if awaitsGo, parts.isEmpty {
            output.writeAndFlush(NIOAny(AnswerHead.go), promise: nil)
        }
        awaitsGo = false
        settle()
    }

    func stopWaitingForPart() {
        part.take()?.resume(throwing: CancellationError())
    }

    /// Returns when the client has ended the connection; what it sends until then is dropped.
    func drain() async {
        await withCheckedContinuation {
            drained = $0
            settle()
        }
    }

    /// Gives those who wait what has come.
    private func settle() {
        if let waiting = drained {
            while !parts.isEmpty { _ = removeFirst() }
            if isOver {
                drained = nil
                waiting.resume()
            }
        }
        if request != nil, let next = takeRequest() { request.take()?.resume(returning: next) }
        guard let waiting = part else { return }
        switch isInBody ? parts.first : .end(nil) {
        case .body(let piece):
            _ = removeFirst()
            part = nil
            waiting.resume(returning: piece)
        case .end, .head:
            if isInBody { _ = removeFirst() }
            isInBody = false
            part = nil
            waiting.resume(returning: nil)
        case nil:
            guard isOver else { return }
            part = nil
            waiting.resume(throwing: Self.interruption)
        }
    }

    private func removeFirst() -> HTTPServerRequestPart {
        let first = parts.removeFirst()
        if case .body(let piece) = first { waitingBytes -= piece.readableBytes }
        if isHoldingRead, !isFull {
            isHoldingRead = false
            output.read()
        }
        return first
    }

    private var isFull: Bool { waitingBytes > Self.most.bytes || parts.count > Self.most.parts }
}

// MARK: What comes

extension Conversation {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if case .body(let piece) = part { waitingBytes += piece.readableBytes }
        parts.append(part)
    }

    func channelReadComplete(context: ChannelHandlerContext) { settle() }

    func read(context: ChannelHandlerContext) {
        if isFull { isHoldingRead = true } else { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed: end()
        case is ChannelShouldQuiesceEvent:
            isAskedToEnd = true
            if request != nil { end() }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        isMalformed = isMalformed || error is HTTPParserError
        end()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        room.take()?.resume(throwing: ChannelError.ioOnClosedChannel)
    }

    private func end() {
        isOver = true
        settle()
    }
}

// MARK: What goes

extension Conversation {
    func send(_ first: ByteBuffer, _ second: ByteBuffer?) throws {
        guard output.channel.isActive else { throw ChannelError.ioOnClosedChannel }
        output.write(NIOAny(first), promise: nil)
        if let second { output.write(NIOAny(second), promise: nil) }
        output.flush()
    }

    /// Completes a promise when all that was sent before is the system's.
    func flush(_ gone: EventLoopPromise<Void>) {
        output.writeAndFlush(NIOAny(ByteBuffer()), promise: gone)
    }

    /// Resumes when the client has taken enough of what was sent.
    func awaitRoom(_ waiting: CheckedContinuation<Void, any Error>) {
        guard room == nil, output.channel.isActive else {
            return waiting.resume(throwing: ChannelError.ioOnClosedChannel)
        }
        if output.channel.isWritable { waiting.resume() } else { room = waiting }
    }

    func stopWaitingForRoom() {
        room.take()?.resume(throwing: CancellationError())
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { room.take()?.resume() }
    }
}
