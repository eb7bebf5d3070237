/// Why a call of a gate gave no answer.
public enum GateFailure: Error, Hashable, Sendable, Codable {
    /// The request cannot be served as it is: a sentence. A gate that is not there and one that may not be called have the
    /// same.
    case refused(String)
    /// There is an answer, which whoever asked may not know.
    case unreadable
    case timedOut
    /// As many calls wait as may wait.
    case busy(retryAfterSeconds: Int)
    /// The function cannot be run as it is; what Python says of it.
    case launch(detail: String)
    /// A limit other than that of time was reached.
    case exhausted
    /// No asynchronous call of this id is known, or not any more.
    case unknownInvocation
    /// The server failed: a sentence.
    case failed(String)

    /// As HTTP has it.
    public var status: Int {
        switch self {
        case .refused: 400
        case .unreadable: 401
        case .unknownInvocation: 404
        case .timedOut: 504
        case .busy, .launch, .exhausted, .failed: 500
        }
    }

    /// What the client is told, but for the detail of a launch.
    public var sentence: String {
        switch self {
        case .refused(let sentence): sentence
        case .unreadable: "unauthorized to read response"
        case .unknownInvocation: "no such invocation"
        case .timedOut: "timeout"
        case .busy: "queue full"
        case .launch: "failed to launch the function"
        case .exhausted: "resource exhausted"
        case .failed: "failed to process request"
        }
    }

    /// The same as JSON, for a function that called.
    var body: [UInt8] {
        // None of the sentences of this kind has a character that JSON escapes.
        Array(#"{"error": "\#(sentence)"}"#.utf8)
    }
}
