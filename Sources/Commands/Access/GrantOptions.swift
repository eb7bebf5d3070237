import ArgumentParser
import Client

/// What an account may do.
struct GrantOptions: ParsableArguments {
    @Option(
        name: [.long, .customShort("s")],
        help: ArgumentHelp(
            "`read`, `run`, `deploy` or `admin`. May repeat, or be a list with commas.", valueName: "scope"))
    var scope: [String] = []

    @Option(
        name: [.long, .customShort("f")],
        help: ArgumentHelp(
            "Bind to this function: NAME or APP/NAME, with `*` at the end for any rest. May repeat, or be a list with commas.",
            valueName: "function"))
    var function: [String] = []

    /// Nil where an option was not given.
    var grant: AccessGrant {
        AccessGrant(
            scopes: scope.isEmpty ? nil : Self.split(scope), functions: function.isEmpty ? nil : Self.split(function))
    }

    private static func split(_ texts: [String]) -> [String] {
        texts.flatMap { $0.split(separator: ",") }.map { String($0.filter { !$0.isWhitespace }) }
    }
}
