public import Platform

/// Sends callbacks over HTTP.
public struct HTTPCallbackSender: CallbackSender {
    private let sender: HTTPSender
    private static let maximumAnswerBytes = 64 << 10

    public init(allowsPrivate: Bool, gateway: @escaping @Sendable () -> String? = { nil }) {
        self.init(HTTPSender(allowsPrivate: allowsPrivate, gateway: gateway))
    }

    init(_ sender: HTTPSender) { self.sender = sender }

    public func send(_ request: CallbackRequest) async -> CallbackDelivery {
        let answer = await sender.send(
            OutboundRequest(
                method: "POST", url: request.url, headers: request.headers, body: request.body,
                timeout: request.timeout, maximumAnswerBytes: Self.maximumAnswerBytes))
        switch answer {
        case .success(let answer):
            return (200..<300).contains(answer.status) ? .delivered : .failed("the answer was \(answer.status)")
        case .failure(.refused(let sentence)): return .refused(sentence)
        case .failure(.failed(let sentence)), .failure(.timedOut(let sentence)): return .failed(sentence)
        }
    }
}
