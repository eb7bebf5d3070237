import HTTPTypes
import Model

/// The ways to write a handler. The raw values are what `template.yml` and the guest call them.
enum Language: String, CaseIterable, Sendable {
    case classic = "python3"
    case flask = "python3-flask"
    case http = "python3-http"

    /// Takes the name of a template, whose `-debian` spelling means the same.
    init?(template name: String) {
        let suffix = "-debian"
        self.init(rawValue: name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name)
    }

    /// How long a call may take where the function's environment does not say; nil: as long as calls may.
    var timeout: Duration? { self == .classic ? nil : .seconds(30) }

    func takes(_ method: HTTPRequest.Method) -> Bool {
        switch method {
        case .get, .post: true
        case .put, .patch, .delete: self != .flask
        default: false
        }
    }
}
