import Client

/// What one check of `swiftlet doctor` found.
struct Finding {
    /// How bad it is.
    enum State: String {
        case good = "ok"
        /// It works, but not as well as it could.
        case weak = "warning"
        /// Nothing runs until this is mended.
        case broken = "missing"

        var sign: String {
            switch self {
            case .good: "✔"
            case .weak: "!"
            case .broken: "✘"
            }
        }
    }

    var name: String
    var state: State
    var detail: String
    /// What to do, where there is something to do.
    var advice: String?

    static func good(_ name: String, _ detail: String) -> Finding { Finding(name: name, state: .good, detail: detail) }

    static func weak(_ name: String, _ detail: String, advice: String) -> Finding {
        Finding(name: name, state: .weak, detail: detail, advice: advice)
    }

    static func broken(_ name: String, _ detail: String, advice: String) -> Finding {
        Finding(name: name, state: .broken, detail: detail, advice: advice)
    }

    var text: String { "\(state.sign) \(name): \(detail)" + (advice.map { "\n    → \($0)" } ?? "") }

    var json: JSON {
        [
            "check": .string(name), "state": .string(state.rawValue), "detail": .string(detail),
            "advice": advice.map(JSON.string) ?? .null,
        ]
    }
}
