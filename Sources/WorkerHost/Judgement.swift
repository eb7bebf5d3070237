internal import FoundationEssentials
internal import Model

/// Says what a run's facts mean: success, or whose fault it was and why.
enum Judgement {
    /// What `guest/python/swiftlet_runtime/faults.py` writes.
    private struct Report: Decodable {
        var type: String
        var message: String
        var traceback: String?
        var file: String?
        var line: Int?
        var column: Int?
        var text: String?
        var exitCode: Int?
        var tooEarly: Bool?

        private enum CodingKeys: String, CodingKey {
            case type, message, traceback, file, line, column, text
            case exitCode = "exit_code"
            case tooEarly = "too_early"
        }
    }

    /// The fault of a run; nil where it succeeded.
    static func fault(of outcome: RunOutcome, limits: FunctionLimits) -> ExecutionFault? {
        let report = outcome.errorReport.map(decode)
        switch outcome.ending {
        case .returned:
            if let report { return report.exitCode == 0 ? nil : report }
            if outcome.outputWasCut {
                return ExecutionFault(
                    kind: .limit, type: "OutputTooLarge",
                    message:
                        "the result is longer than the limit of \(limits.outputBytes) bytes; the first part was kept")
            }
            return nil
        case .exited(let code):
            return code == 0
                ? nil : ExecutionFault(kind: .exited, type: "SystemExit", message: "\(code)", exitCode: Int(code))
        case .interrupted(let reason):
            return interruption(reason, traceback: report?.traceback, line: report?.line)
        case .memoryLimit:
            return ExecutionFault(
                kind: .limit, type: "MemoryError",
                message: "the limit of \(limits.memoryBytes >> 20) MiB of memory was reached")
        case .trapped(let message):
            let places = message.split(separator: "\n").dropFirst().joined(separator: "\n")
            return ExecutionFault(
                kind: .trapped, type: "SandboxTrap", message: sentence(forTrap: message),
                traceback: places.isEmpty ? nil : places)
        }
    }

    /// The fault of an import; nil where it succeeded. Files that it leaves open would be missing in the calls.
    static func fault(ofImport outcome: RunOutcome, limits: FunctionLimits) -> ExecutionFault? {
        if let fault = fault(of: outcome, limits: limits) { return fault }
        guard !outcome.openPaths.isEmpty else { return nil }
        return ExecutionFault(
            kind: .raised, type: "OpenFilesError",
            message:
                "the module leaves files open: \(outcome.openPaths.joined(separator: ", ")); open them inside the function"
        )
    }

    /// Whether a module uses what only calls have while it is imported.
    static func needsCall(_ outcome: RunOutcome) -> Bool {
        outcome.errorReport.flatMap(report)?.tooEarly == true
    }

    private static func report(_ bytes: [UInt8]) -> Report? {
        try? JSONDecoder().decode(Report.self, from: Data(bytes))
    }

    private static func decode(_ bytes: [UInt8]) -> ExecutionFault {
        guard let report = report(bytes) else {
            return ExecutionFault(
                kind: .raised, type: "Exception", message: "the call failed, but its report cannot be read")
        }
        return ExecutionFault(
            kind: report.exitCode == nil ? .raised : .exited, type: report.type, message: report.message,
            traceback: report.traceback, file: report.file, line: report.line, column: report.column, text: report.text,
            exitCode: report.exitCode)
    }

    private static func interruption(_ reason: InterruptionReason, traceback: String?, line: Int?) -> ExecutionFault {
        switch reason {
        case .wallTime(let milliseconds):
            ExecutionFault(
                kind: .timedOut, type: "TimeoutError",
                message: "the call exceeded its limit of \(seconds(milliseconds)) s",
                traceback: traceback, line: line)
        case .cpuTime(let milliseconds):
            ExecutionFault(
                kind: .timedOut, type: "TimeoutError",
                message: "the call exceeded its limit of \(seconds(milliseconds)) s of processor time",
                traceback: traceback,
                line: line)
        case .cancelled:
            ExecutionFault(kind: .cancelled, type: "Cancelled", message: "the call was cancelled")
        }
    }

    private static func seconds(_ milliseconds: Int) -> String {
        milliseconds % 1000 == 0 ? "\(milliseconds / 1000)" : "\(Double(milliseconds) / 1000)"
    }

    /// The engine's own words name addresses; users need to know what it means.
    private static func sentence(forTrap message: String) -> String {
        if message.contains("call stack exhausted") { return "the call stack is exhausted: the recursion is too deep" }
        let firstLine = message.split(separator: "\n").first.map(String.init) ?? message
        if message.contains("out of bounds") { return "the interpreter crashed (memory access out of bounds)" }
        return "the sandbox was ended: \(firstLine)"
    }

    /// The result to deliver: where it was cut, what was kept, as a JSON string.
    static func output(of outcome: RunOutcome) -> [UInt8]? {
        guard let output = outcome.output else {
            // `sys.exit(0)` is a success without a result.
            return outcome.errorReport == nil && outcome.ending == .returned
                ? nil : isCleanExit(outcome) ? Array("null".utf8) : nil
        }
        guard outcome.outputWasCut else { return output }
        let kept = String(decoding: output, as: UTF8.self)
        return (try? JSONEncoder().encode(kept)).map { Array($0) }
    }

    private static func isCleanExit(_ outcome: RunOutcome) -> Bool {
        switch outcome.ending {
        case .exited(let code): code == 0
        case .returned: outcome.errorReport.map { decode($0).exitCode == 0 } ?? false
        default: false
        }
    }
}
