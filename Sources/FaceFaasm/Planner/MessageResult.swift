import Model
import Platform

/// A call with what became of it, as clients get it.
struct MessageResult {
    var message: Message
    var execution: Execution
    /// The ids of the calls that it chained.
    var chained: [Int64]
    /// Where calls run, for clients that want to know.
    var node: String

    func write(into writer: inout JSONWriter, _ face: FaasmFace) {
        writer.object { writer in
            message.write(into: &writer)
            if !execution.input.isEmpty { writer.member("input_data", Base64.encode(execution.input)) }
            var encoding: String?
            if execution.status.isFinal {
                let output = face.shownOutput(of: execution, message.id)
                if let text = String(validating: output, as: UTF8.self) {
                    if !text.isEmpty { writer.member("output_data", text) }
                } else {
                    writer.member("output_data", Base64.encode(output))
                    encoding = "base64"
                }
                let code = ReturnCode.of(execution.fault)
                if code != 0 { writer.member("returnValue", Int64(code)) }
            }
            writer.member("start_ts", "\((execution.startedAt ?? execution.createdAt).microseconds / 1000)")
            if let end = execution.finishedAt { writer.member("finish_ts", "\(end.microseconds / 1000)") }
            writer.member("executedHost", node)
            writeDetails(encoding, into: &writer)
        }
    }

    private func writeDetails(_ encoding: String?, into writer: inout JSONWriter) {
        let isRecorded = message[flag: "record_exec_graph"]
        if isRecorded, !chained.isEmpty {
            writer.key("chainedMsgIds")
            writer.array { writer in for id in chained { writer.number(id) } }
        }
        if isRecorded {
            writer.key("intExecGraphDetails")
            writer.object { writer in
                writer.member("attempts", Int64(execution.attempts))
                writer.member("cpu_us", execution.usage.cpuMicroseconds)
                writer.member("wall_us", execution.usage.wallMicroseconds)
            }
        }
        guard isRecorded || encoding != nil else { return }
        writer.key("execGraphDetails")
        writer.object { writer in
            if isRecorded { writer.member("execution", execution.id.description) }
            if let encoding { writer.member("output_encoding", encoding) }
        }
    }
}

extension FaasmFace {
    /// What is shown as the output of a call that has ended.
    func shownOutput(of execution: Execution, _ id: Int64) -> [UInt8] {
        let outcome = CallOutcome(
            output: execution.output, fault: execution.fault, logs: execution.logs, usage: execution.usage)
        return shownOutput(of: outcome, "\(id)")
    }

    /// What is shown as the output of a call: where it failed without any, why.
    func shownOutput(of outcome: CallOutcome, _ id: String) -> [UInt8] {
        var output = outcome.output ?? []
        if let fault = outcome.fault, output.isEmpty {
            if fault.kind == .platform || fault.kind == .workerLost {
                output = Array("Task \(id) threw exception. What: \(fault.message)".utf8)
            } else {
                // Python's traceback ends with the cause; where a module trapped, the back-trace is only where.
                let why = [fault.kind == .raised ? nil : fault.summary, fault.traceback].compactMap { $0 }
                let text = why.isEmpty ? fault.summary : why.joined(separator: "\n")
                output = Array("Call failed (return value=\(ReturnCode.of(fault)))\n\(text)".utf8)
            }
        }
        guard configuration.capturesStandardOutput else { return output }
        let printed = outcome.logs.filter { $0.stream == .stdout }.map { $0.text + "\n" }.joined()
        return Array(printed.utf8) + output
    }
}
