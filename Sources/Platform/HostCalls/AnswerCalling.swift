import Model

/// Takes a part of an answer while it is made. Whoever makes it waits until `taken` is called.
public typealias AnswerReader = @Sendable (_ part: [UInt8], _ taken: @escaping @Sendable () -> Void) -> Void

/// Gives what calls send of their answers to those who read them.
struct AnswerCalling: Sendable {
    /// Its number among what guests ask. The sandbox puts very small parts together before.
    static let operation: UInt32 = 4

    let runner: CallRunner

    func take(_ part: [UInt8], of caller: ExecutionID, _ reply: @escaping HostCalls.Reply) {
        guard let reader = runner.active.reader(of: caller) else {
            return reply(.failure(HostCallRefusal("nobody reads the answer of this call while it is made", .system)))
        }
        // Who waits for a slow reader computes nothing.
        runner.sandbox.park(caller)
        reader(part) {
            runner.sandbox.unpark(caller)
            reply(.success([]))
        }
    }
}
