import Client

/// One call of a graph, with those that it chained.
struct CallNode {
    var name: String
    var status: String
    var code: String?
    var wallMicroseconds: Int?
    var calls: [CallNode]

    /// Reads what the server says of a call; nil where it is something else.
    init?(_ json: JSON) {
        guard json["uuid"]?.string != nil, let calls = json["calls"]?.array else { return nil }
        let entry = json["entry"]?.string.map { ":\($0)" } ?? ""
        name = (json["function"]?.string ?? "?") + entry
        status = json["status"]?.string ?? ""
        if case .number(let digits)? = json["return_code"] { code = digits }
        if case .number(let digits)? = json["wall_us"] { wallMicroseconds = Int(digits) }
        self.calls = calls.compactMap { CallNode($0) }
    }

    /// `Success 0, 1.234 ms`.
    var summary: String {
        let end = code.map { "\(status) \($0)" } ?? status
        return wallMicroseconds.map { "\(end), \(Double($0) / 1000) ms" } ?? end
    }

    /// The tree, a line for each call.
    var text: String {
        var lines: [String] = []
        write("", "", into: &lines)
        return lines.joined(separator: "\n")
    }

    private func write(_ first: String, _ rest: String, into lines: inout [String]) {
        lines.append("\(first)\(name)  \(summary)")
        for (index, call) in calls.enumerated() {
            let isLast = index == calls.count - 1
            call.write(rest + (isLast ? "└─ " : "├─ "), rest + (isLast ? "   " : "│  "), into: &lines)
        }
    }
}
