import LabelledFiles
import Labels
import Model

/// A call of a gate that its caller may call.
struct GateTask: Sendable {
    var id: ExecutionID
    var gate: ResolvedGate
    /// What denials call it by.
    var name: String
    var payload: [UInt8]
    /// Or the parameters that a calling function gave.
    var headers: [String: String] = [:]
    var uploads: [(name: String, upload: Upload)] = []
    var isFromGateway = false
    /// How many calls stand between this one and the request that it came of.
    var depth = 0
    /// The execution that waits for this one; nil: none.
    var waiter: ExecutionID?
    var isAsynchronous = false
}

/// What came of a call.
struct GateEnding: Sendable {
    struct Answer: Sendable {
        var status: Int
        var body: GateAnswer.Body
        var functionFailed = false
    }

    /// What the result, and that there is one, may be known by.
    var label: Label
    var result: Result<Answer, GateFailure>
    var nanoseconds: Int64 = 0
}

extension GateEnding.Answer {
    /// Judges how a function ended.
    static func of(_ outcome: CallOutcome) -> Result<Self, GateFailure> {
        switch outcome.fault?.kind {
        case .timedOut?: return .failure(.timedOut)
        case .limit?: return .failure(.exhausted)
        case .cancelled?: return .failure(.failed("The call was cancelled."))
        case .workerLost?, .platform?, .expired?, .trapped?:
            return .failure(.failed("The function was ended: \(outcome.fault?.summary ?? "")."))
        case nil, .raised?, .exited?: break
        }
        if let answer = outcome.output.flatMap(Self.init) { return .success(answer) }
        // The handler's own exceptions come with an answer: this one came before there was a handler.
        if let fault = outcome.fault { return .failure(.launch(detail: fault.summary)) }
        return .failure(.failed("The function gave no answer."))
    }

    /// Reads what the guest's library puts out: status, flags (1: the function failed), body.
    private init?(_ output: [UInt8]) {
        guard let fields = try? HostFields.decode(output), fields.count == 3,
            let status = HostFields.number(fields[0], as: UInt16.self), 100...999 ~= status,
            let flags = HostFields.number(fields[1], as: UInt8.self)
        else { return nil }
        self.init(status: Int(status), body: .bytes(Array(fields[2])), functionFailed: flags & 1 != 0)
    }
}
