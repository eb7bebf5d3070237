import ArgumentParser
import Client

/// How a gate's function is called; what is not given is left to the server, or as it was.
struct GateOptions: ParsableArguments {
    enum API: String, ExpressibleByArgument, CaseIterable { case auto, g1, g2 }
    enum Event: String, ExpressibleByArgument, CaseIterable { case auto, wrapped, raw }

    @Option(help: ArgumentHelp("How `handle` is called: auto, g1 or g2.", valueName: "style")) var api: API?
    @Option(
        help: ArgumentHelp("How JSON from HTTP becomes the event: auto, wrapped or raw.", valueName: "style"))
    var event: Event?
    @Option(help: ArgumentHelp("The HTTP status of uncaught exceptions: 200 or 500.", valueName: "status"))
    var errors: Int?
    @Flag(inversion: .prefixedNo, help: "Raise refused CloudCalls as exceptions.") var strict: Bool?
    @Option(help: ArgumentHelp("The time limit of a call.", valueName: "seconds")) var timeout: Double?
    @Option(help: ArgumentHelp("The most calls at a time.", valueName: "n")) var concurrency: Int?
    @Option(
        help: ArgumentHelp(
            "The most that a result may shed of its secrecy. (default: the privilege)", valueName: "component"))
    var declassify: String?

    func validate() throws {
        guard errors.map({ $0 == 200 || $0 == 500 }) ?? true else {
            throw ValidationError("--errors must be 200 or 500.")
        }
        guard timeout.map({ $0 > 0 && $0 <= 86_400 }) ?? true else {
            throw ValidationError("--timeout must be more than 0 and at most 86400 seconds.")
        }
        guard concurrency.map({ 1...100_000 ~= $0 }) ?? true else {
            throw ValidationError("--concurrency must be 1 to 100000.")
        }
        try LabelWords.check(component: declassify, "--declassify")
    }

    /// What was given of a gate's settings; nil where nothing was.
    var settings: JSON? {
        let members: [(String, JSON?)] = [
            ("api", api.map { .string($0.rawValue) }), ("event", event.map { .string($0.rawValue) }),
            ("errors", errors.map { .number("\($0)") }), ("strict", strict.map { .bool($0) }),
            ("timeout", timeout.map { .number("\($0)") }), ("concurrency", concurrency.map { .number("\($0)") }),
        ]
        let given = members.compactMap { name, value in value.map { JSON.Member(name, $0) } }
        return given.isEmpty ? nil : .object(given)
    }
}
