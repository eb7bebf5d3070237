/// Why a call of a gate gave no answer.
public enum GateFailure: Error, Hashable, Sendable {
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
}
