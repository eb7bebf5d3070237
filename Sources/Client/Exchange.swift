public import NIOHTTP1

/// A server's answer as it is.
public struct Exchange: Sendable {
    public var status: Int
    public var reason: String
    public var headers: HTTPHeaders
    public var body: [UInt8]

    /// The body as text; what is no UTF-8 in it is replaced.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// This answer where its status is one of success; every other one is an error with its body as the message.
    public func succeeded() throws(ClientError) -> Exchange {
        guard (200..<300).contains(status) else {
            throw ClientError(.refused(status: status, reason: reason), text)
        }
        return self
    }
}
