import LabelledFiles
import Model
import Platform
import Synchronization

/// Answers what one running function asks, from its start to its end.
final class GuestSession: GuestCallService {
    private struct State {
        var answering: Task<Void, Never>?
        var isClosed = false
    }

    let calls: FileCalls
    private let state = Mutex(State())

    init(_ calls: FileCalls) { self.calls = calls }

    func answer(
        _ operation: UInt32, _ request: [UInt8],
        _ reply: @escaping @Sendable (Result<[UInt8], HostCallRefusal>) -> Void
    ) {
        guard FileOperation(rawValue: operation) != nil else {
            return reply(
                .failure(
                    HostCallRefusal(
                        "the function of a gate reaches storage, other functions and the network by cloudcalls only",
                        .permission)))
        }
        let fields: [ArraySlice<UInt8>]
        do { fields = try HostFields.decode(request) } catch {
            return reply(.failure(HostCallRefusal("the request has another form: \(error.message)", .value)))
        }
        let isClosed = state.withLock { state in
            guard !state.isClosed else { return true }
            // A guest asks one thing at a time. What needs no store, as labels do not, is answered before this returns.
            state.answering = Task.immediate { [calls] in
                reply(await calls.answer(operation, fields).map(HostFields.encode))
            }
            return false
        }
        if isClosed { reply(.failure(HostCallRefusal("the call has ended"))) }
    }

    /// The function has ended: what it waits for still is given up. The label is known when this returns.
    func close() async {
        let answering = state.withLock { state in
            state.isClosed = true
            return state.answering
        }
        answering?.cancel()
        await answering?.value
    }
}
