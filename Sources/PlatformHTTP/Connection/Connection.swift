import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// A client's connection.
struct Connection: ServerChildChannelValue {
    let channel: any Channel
    let conversation: NIOLoopBound<Conversation>

    /// How long a client may take to end a connection whose last answer has been sent.
    static let patience = TimeAmount.seconds(5)

    /// Answers requests until there are no more.
    func serve(_ paths: PathTable, _ logger: Logger) async {
        let context = ConnectionContext(
            source: ApplicationRequestContextSource(channel: channel, logger: logger))
        await withTaskCancellationHandler {
            var next = await nextRequest()
            while case .request(let head, let bodyIsWhole) = next {
                let body = bodyIsWhole.map { RequestBody(buffer: $0) } ?? RequestBody(asyncSequence: BodyParts(self))
                let request: Request
                do { request = Request(head: try HTTPRequest(head), body: body) } catch { return await refuse() }
                guard await answer(request, head, await paths.respond(to: request, context: context)) else {
                    return await leave()
                }
                next = await nextRequest()
            }
            if case .malformed = next { return await refuse() }
            await flush()
            try? await channel.close()
        } onCancel: {
            channel.close(mode: .input, promise: nil)
        }
    }

    /// Sends an answer; returns whether another request may follow it.
    private func answer(_ request: Request, _ head: HTTPRequestHead, _ response: Response) async -> Bool {
        let stays = head.isKeepAlive && response.headers[.connection] != "close" && !conversation.value.isAskedToEnd
        let writer = AnswerWriter(response, to: head, stays: stays, self)
        do { try await response.body.write(writer) } catch { return await cut() }
        guard writer.isWhole else { return await cut() }
        return stays && writer.isDelimited
    }

    /// Ends a connection in the middle of an answer, so that nobody takes it for a whole one.
    private func cut() async -> Bool {
        try? await channel.close()
        return false
    }

    private func refuse() async {
        try? await send(AnswerHead.malformed)
        await leave()
    }

    /// Ends the connection once its last answer has arrived. Closing it while the client still sends would take the answer away.
    private func leave() async {
        await flush()
        channel.close(mode: .output, promise: nil)
        let end = channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
        await conversation.value.drain()
        end.cancel()
        try? await channel.close()
    }

    /// Returns when the system has all that was written. Closing drops what it does not have.
    private func flush() async {
        let gone = channel.eventLoop.makePromise(of: Void.self)
        conversation.value.flush(gone)
        try? await gone.futureResult.get()
    }

    private func nextRequest() async -> Conversation.Next {
        let conversation = conversation.value
        if let next = conversation.takeRequest() { return next }
        return await withCheckedContinuation { conversation.awaitRequest($0) }
    }

    /// Writes bytes; returns when the client has taken enough of what came before.
    func send(_ first: ByteBuffer, _ second: ByteBuffer? = nil) async throws {
        if channel.eventLoop.inEventLoop {
            try conversation.value.send(first, second)
        } else {
            try await channel.eventLoop.submit { try conversation.value.send(first, second) }.get()
        }
        guard !channel.isWritable else { return }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiting in
                onLoop { $0.awaitRoom(waiting) }
            }
        } onCancel: {
            onLoop { $0.stopWaitingForRoom() }
        }
    }

    /// The next part of a body that comes in pieces; nil at its end.
    func nextPart() async throws -> ByteBuffer? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiting in
                onLoop { $0.awaitPart(waiting) }
            }
        } onCancel: {
            onLoop { $0.stopWaitingForPart() }
        }
    }

    private func onLoop(_ body: @escaping @Sendable (Conversation) -> Void) {
        if channel.eventLoop.inEventLoop {
            body(conversation.value)
        } else {
            channel.eventLoop.execute { body(conversation.value) }
        }
    }
}

/// The body of a request that had not come as a whole when its handler began.
struct BodyParts: AsyncSequence, Sendable {
    private let connection: Connection

    init(_ connection: Connection) { self.connection = connection }

    struct Iterator: AsyncIteratorProtocol {
        let connection: Connection

        func next() async throws -> ByteBuffer? { try await connection.nextPart() }
    }

    func makeAsyncIterator() -> Iterator { Iterator(connection: connection) }
}
