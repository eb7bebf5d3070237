import LabelledFiles
import Labels
import Model
import Platform
import Storage

/// What one running function calls: gates run as calls that came of it, services are sent.
struct NestedCalls: LabelledCallRunner {
    let engine: GateEngine
    /// Who calls.
    let task: GateTask
    /// Its turn at its gate, where that has any.
    let turn: Turn?
    /// What waits in the sandboxes meanwhile; nil: nothing.
    let execution: ExecutionID?

    func run(_ call: GateCall) async throws -> CallReply {
        guard task.depth < engine.configuration.maximumDepth else { throw FileRefusal(.gateLoop) }
        let id = engine.platform.makeExecutionID()
        let callee = GateTask(
            id: id, gate: call.gate, name: "gate \(String(call.gate.gate.rawValue, radix: 16))", payload: call.payload,
            headers: call.parameters, depth: task.depth + 1, waiter: call.isSynchronous ? execution : nil,
            isAsynchronous: !call.isSynchronous)
        guard call.isSynchronous else {
            guard try await engine.invocations.begin(callee) else { throw FileRefusal(.busy) }
            return CallReply(succeeded: true, status: 202, invocation: id.description, label: call.gate.label)
        }
        return await parked { CallReply(await engine.run(callee), of: id) }
    }

    func send(_ request: ServiceRequest) async throws -> CallReply {
        do throws(ServiceFailure) {
            return try await parked { () async throws(ServiceFailure) in try await engine.services.send(request) }
        } catch {
            // What is wrong with a service is for its author to know, who reads the log of the gate.
            engine.logs.append(
                [GateLogLine(time: engine.platform.now, stream: .stderr, text: "service: \(error.sentence)")],
                label: request.label, of: task.gate.gate)
            throw FileRefusal(.serviceFailed)
        }
    }

    func result(of invocation: String) async throws -> CallReply? {
        guard let id = ExecutionID(invocation), case .ended(let ending)? = engine.invocations[id] else { return nil }
        return CallReply(ending, of: id)
    }

    /// Waits without keeping others from running: neither a place in a sandbox nor a turn at the gate is held.
    private func parked<Value, Failure: Error>(
        _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        if let execution { engine.platform.sandbox.park(execution) }
        turn?.park()
        defer {
            turn?.unpark()
            if let execution { engine.platform.sandbox.unpark(execution) }
        }
        return try await body()
    }
}

extension CallReply {
    /// What a calling function is told.
    init(_ ending: GateEnding, of id: ExecutionID) {
        switch ending.result.flatMap({ $0.inMemory }) {
        case .success(let (answer, body)):
            self.init(
                succeeded: !answer.functionFailed, status: UInt32(answer.status), body: body,
                invocation: id.description, label: ending.label)
        case .failure(let failure):
            self.init(
                succeeded: false, status: UInt32(failure.status), body: failure.body, invocation: id.description,
                label: ending.label)
        }
    }
}
