import Model

/// The paths of the HTTP API. With an application they have the form of client 0.1.6, else of the clients before it.
struct Routes: Sendable {
    var prefix: String
    var application: String?

    private func path(_ parts: String...) -> String {
        "/\(prefix)/" + parts.joined(separator: "/")
    }

    private func escape(_ part: String) -> String { PercentCoding.encoded(part, safe: "") }

    private func functionPart(_ name: String) -> String {
        application.map { "\(escape($0))/\(escape(name))" } ?? escape(name)
    }

    private var spotsPart: String { application.map { "nodes/\(escape($0))" } ?? "spots" }

    /// A function in a query, where its application is part of the name.
    func qualified(_ name: String) -> String {
        application.map { name.contains("/") ? name : "\($0)/\(name)" } ?? name
    }

    var functions: String { application.map { path("functions", escape($0), "") } ?? path("functions", "") }
    func function(_ name: String) -> String { path("functions", functionPart(name)) }
    func run(_ name: String) -> String { path("functions", functionPart(name), "rpc", "") }
    func runAndWait(_ name: String) -> String { path("sync", "functions", functionPart(name), "rpc", "") }
    func runInBulk(_ name: String) -> String { path("functions", functionPart(name), "bulk_rpc", "") }

    var executions: String { path("executions", "") }
    var executionsInBulk: String { path("executions", "bulk") }
    func execution(_ id: String) -> String { path("executions", escape(id)) }

    func graph(_ id: String) -> String { path("executions", escape(id), "graph") }
    func logs(_ id: String) -> String { path("executions", escape(id), "logs") }
    func batch(_ id: String) -> String { path("executions", "batch", escape(id)) }

    var deadLetters: String { path("dead_letters", "") }
    var redriveAll: String { path("dead_letters", "redrive") }
    func deadLetter(_ id: String) -> String { path("dead_letters", escape(id)) }
    func redrive(_ id: String) -> String { path("dead_letters", escape(id), "redrive") }

    var spots: String { path(spotsPart, "") }
    func spot(_ address: String) -> String { path(spotsPart, escape(address)) }
    func replaceSpot(_ address: String) -> String { path(spotsPart, "replace", escape(address)) }

    var tokens: String { path("tokens", "") }
    func token(_ id: String) -> String { path("tokens", escape(id)) }
    var users: String { path("users", "") }
    func user(_ name: String) -> String { path("users", escape(name)) }
    var audit: String { path("audit", "") }
    var keyRotation: String { path("keys", "rotate") }
}
