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
        // At once where the value is in memory: another thread is only needed for what must wait.
        Task.immediate {
            let answer = await StateCalls.answer(operation, fields, of: session)
            if operation == .lock { runner.sandbox.unpark(caller) }
            reply(answer.map(HostFields.encode))
        }
    }
}
