import Logging
import Model
import SharedState

/// Gives calls the shared state of their tenant, which is the namespace of their function.
struct StateCalling: Sendable {
    let state: SharedState
    let runner: CallRunner

    func answer(
        _ operation: StateOperation, _ request: [UInt8], of caller: ExecutionID, _ reply: @escaping HostCalls.Reply
    ) {
        let fields: [ArraySlice<UInt8>]
        do { fields = try HostFields.decode(request) } catch {
            return reply(.failure(HostCallRefusal("the request has another form: \(error.message)", .value)))
        }
        guard let session = runner.active.session(of: caller, in: state) else {
            return reply(.failure(HostCallRefusal("the call has ended")))
        }
        // Who waits for a lock computes nothing.
        if operation == .lock { runner.sandbox.park(caller) }
        let body = { @Sendable in
            let answer = await StateCalls.answer(operation, fields, of: session) { runner.sandbox.lend($0, to: caller) }
            if operation == .lock { runner.sandbox.unpark(caller) }
            reply(answer.map(HostFields.encode))
        }
        // What is quick is answered here and now where the key is in memory; only what must wait then goes to another thread.
        if Self.isQuick(operation, fields, request.count) {
            Task.immediate { await body() }
        } else {
            Task { await body() }
        }
    }

    /// What is moved on the thread that hears the worker, at most, in bytes: others of that worker wait meanwhile.
    private static let quickBytes = 64 << 10

    /// Whether a request is over soon, but for what it may have to wait for.
    private static func isQuick(_ operation: StateOperation, _ fields: [ArraySlice<UInt8>], _ bytes: Int) -> Bool {
        switch operation {
        case .push, .readAppended: return false
        case .read:
            guard fields.count == 3, let count = HostFields.number(fields[2], as: UInt64.self) else { return true }
            return count <= UInt64(quickBytes)
        default: return bytes <= quickBytes
        }
    }
}
