import HTTPTypes
import Hummingbird
import Model
import Platform
import Storage

extension FaasmFace {
    /// The older worker JSON: one flat object whose `input_data` is plain text.
    func legacy(_ members: JSONMembers, _ access: Access) async throws -> Response {
        try access.require(.run)
        try Self.check(members)
        if members.flag("flush") || members.number("type") == 3 { return Reply.text("Flush sent") }
        if members.flag("status") { return try await legacyStatus(try number(members), access) }
        if members.flag("exec_graph") { return try await legacyGraph(try number(members), access) }
        guard let user = members.text("user"), !user.isEmpty else { throw Failure(.badRequest, "Empty user") }
        guard let function = members.text("function"), !function.isEmpty else {
            throw Failure(.badRequest, "Empty function")
        }
        var message = Message(withoutInput: members)
        message[text: "pythonEntry"] = members.text("py_entry", "pythonEntry") ?? ""
        message.input = Array((members.text("input_data") ?? "").utf8)
        if members.flag("async") {
            return Reply.text("\(try await startAlone(message, access).number)")
        }
        let key = try message.function()
        try access.requireVisible(key)
        let (done, number) = try await run(key, message.input, message.detail)
        return Reply.bytes(
            shownOutput(of: done.outcome, "\(number)"),
            status: ReturnCode.of(done.outcome.fault) == 0 ? .ok : .internalServerError)
    }

    /// Refuses what is there but of another kind than it must be: the call would be another one than was meant.
    private static func check(_ members: JSONMembers) throws {
        var misfit = Message.misfit(members)
        for name in ["async", "status", "exec_graph", "flush", "sgx"] where !members.isFlag([name]) {
            misfit = "`\(name)` must be true or false"
        }
        for name in ["input_data", "py_entry"] where members.has(name) && members.text(name) == nil {
            misfit = "`\(name)` must be a string"
        }
        if let misfit { throw Failure(.badRequest, "\(misfit).") }
    }

    /// Queues one call as an app of its own; both have the same number.
    func startAlone(_ message: Message, _ access: Access) async throws -> AppRecord {
        var message = message
        message.number = numbers.next(at: platform.now)
        return try await start(Batch(number: message.number, messages: [message]), access)
    }

    /// Makes a call and waits for its end; returns its number, too.
    func run(
        _ key: FunctionKey, _ input: [UInt8], _ detail: CallDetail?
    ) async throws -> (CompletedCall, number: Int64) {
        let (number, id) = numbers.next(in: platform.makeExecutionID())
        let detail = detail.flatMap { $0.isEmpty ? nil : $0 }
        return (try await platform.invoke(key, input: input, detail: detail, id: id), number)
    }

    private func number(_ members: JSONMembers) throws -> Int64 {
        guard let number = members.number("id") else { throw Failure(.badRequest, "`id` must be the id of a call") }
        return number
    }

    private func legacyStatus(_ number: Int64, _ access: Access) async throws -> Response {
        guard let call = try await app(number, within: .zero, access)?.nodes[number] else {
            throw Failure(.notFound, "There is no call \(number).")
        }
        let execution = call.execution
        guard execution.status.isFinal else { return Reply.text("RUNNING") }
        let output = shownOutput(of: execution, number)
        if execution.fault == nil { return Reply.bytes(Array("SUCCESS: ".utf8) + output) }
        return Reply.bytes(Array("FAILED: ".utf8) + output, status: .internalServerError)
    }

    private func legacyGraph(_ number: Int64, _ access: Access) async throws -> Response {
        guard try await app(number, within: .zero, access) != nil else {
            throw Failure(.notFound, "There is no call \(number).")
        }
        guard let bytes = try await graph(app: number, call: number, access) else {
            throw Failure(.internalServerError, "Failed getting exec. graph!")
        }
        return Reply.bytes(bytes, type: "application/json")
    }
}
