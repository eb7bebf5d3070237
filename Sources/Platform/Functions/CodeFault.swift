import Model

extension PlatformError {
    /// Why the user's code cannot be deployed: what it did, where, and its traceback; or what failed around it.
    static func code(_ fault: ExecutionFault) -> Self {
        switch fault.kind {
        case .workerLost, .platform, .cancelled, .expired:
            return Self(
                .unavailable, "The code could not be checked: \(fault.summary)", cause: fault, retryAfterSeconds: 1)
        case .raised, .exited, .timedOut, .limit, .trapped:
            var fault = fault
            if fault.traceback == nil { fault.traceback = fault.pointer }
            var place = ""
            if let file = fault.file, let line = fault.line { place = " (\(file), line \(line))" }
            return Self(.invalidCode, fault.summary + (fault.message.contains(place) ? "" : place), fault: fault)
        }
    }
}

extension ExecutionFault {
    /// The place of a syntax error as Python shows it, with a caret under the column.
    var pointer: String? {
        guard let line else { return nil }
        var lines = ["  File \"\(file ?? "<string>")\", line \(line)"]
        if let text {
            let shown = text.drop { $0 == " " || $0 == "\t" }
            lines.append("    \(shown.last?.isNewline == true ? shown.dropLast() : shown)")
            if let column, column > text.count - shown.count {
                lines.append("    " + String(repeating: " ", count: column - 1 - (text.count - shown.count)) + "^")
            }
        }
        return (lines + [summary]).joined(separator: "\n")
    }
}
