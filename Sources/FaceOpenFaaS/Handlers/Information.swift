import HTTPTypes
import Hummingbird
import Model
import Platform
import Storage

/// What the server says of itself.
extension OpenFaaSFace {
    func showInfo() throws -> Response { try Reply.json(InformationBody()) }

    func showMetrics() async throws -> Response {
        let functions = try await platform.functions(in: nil)
        let replicas = try await platform.replicas()
        let services = functions.map { details in
            (
                key: details.function.key,
                replicas: replicas[details.function.id] ?? Scale(details.deployment?.labels ?? [:]).minimum
            )
        }
        let text = try await configuration.otherMetrics() + metrics.text(services, inFlight: inFlight.all)
        return Reply.text(.ok, text, type: "text/plain; version=0.0.4; charset=utf-8")
    }

    /// A page for people: which functions there are.
    func showPage(_ call: SystemCall) async throws -> Response {
        try call.access.require(.read)
        let invocations = metrics.invocations()
        let rows = try await platform.functions(in: nil).filter { call.access.covers($0.function.key) }.map { details in
            let key = details.function.key
            let name = GatewayName.text(key)
            return "<tr><td><a href=\"/function/\(name)\">\(name)</a></td><td>"
                + "\(Self.escaped(details.deployment?.image ?? ""))</td><td>\(invocations[key] ?? 0)</td></tr>"
        }
        let page = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Swiftlet</title></head>
            <body><h1>Functions</h1>
            <table><tr><th>Name</th><th>Image</th><th>Invocations</th></tr>
            \(rows.joined(separator: "\n"))
            </table></body></html>

            """
        return Reply.text(.ok, page, type: "text/html; charset=utf-8")
    }

    private static func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "<": "&lt;"
            case ">": "&gt;"
            case "&": "&amp;"
            case "\"": "&quot;"
            default: String(character)
            }
        }.joined()
    }
}
