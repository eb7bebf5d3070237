import Model

/// What a path of the FaaSpot surface means. Only `functions/X` against `functions/X/` depends on the trailing slash.
struct Address: Hashable, Sendable {
    enum Target: Hashable, Sendable {
        /// `functions[/]`: the functions of the default application.
        case functions
        /// `functions/X/`: application X, or function X, as the method tells.
        case applicationOrFunction(String)
        case function(FunctionKey)
        case run(FunctionKey)
        case bulk(FunctionKey)
        case blockingRun(FunctionKey)
        /// `/sync/deployments/NAME/rpc`: a blocking run whose answer is wrapped.
        case envelope(FunctionKey)
        case executions
        case executionsInBulk
        case execution(String)
        case executionLogs(String)
        case executionGraph(String)
        /// `executions/batch/UUID`: the progress of a bulk request.
        case batch(String)
        case deadLetters
        case deadLetter(String)
        /// `dead_letters/redrive`: all of a function, or all.
        case redriveAll
        case redrive(String)
        /// `/metrics`, without prefix.
        case metrics
        case spots
        case spot(String)
        case replaceSpot(String)
        case tokens
        case token(String)
        case users
        case user(String)
        case audit
        case keyRotation
        /// `openapi.json`.
        case document
    }

    /// The prefix and noun as the request spells them, for addresses in its answer.
    struct Dialect: Hashable, Sendable {
        var prefix: String
        var noun: String
    }

    var dialect: Dialect
    var target: Target

    /// Reads a path without its query.
    init(path: String) throws {
        var parts = try Self.components(of: path)
        let hasTrailingSlash = parts.last?.isEmpty == true
        if hasTrailingSlash { parts.removeLast() }
        guard let first = parts.first, !parts.contains("") else { throw Failure.notFound }
        if first == "sync", parts.count == 4, parts[1] == "deployments", parts[3] == "rpc" {
            dialect = Dialect(prefix: "v1", noun: "deployments")
            target = .envelope(try Self.key(parts[2...2]))
            return
        }
        if first == "metrics", parts.count == 1 {
            dialect = Dialect(prefix: "v1", noun: "functions")
            target = .metrics
            return
        }
        guard first == "v1" || first == "api", parts.count > 1 else { throw Failure.notFound }
        dialect = Dialect(prefix: first, noun: "functions")
        var rest = parts[1...]
        let isBlocking = rest.first == "sync"
        if isBlocking { rest.removeFirst() }
        guard let noun = rest.popFirst() else { throw Failure.notFound }
        switch noun {
        case "functions", "deployments":
            dialect.noun = noun
            target = try Self.function(rest, isBlocking: isBlocking, hasTrailingSlash)
        case "executions" where !isBlocking: target = try Self.execution(rest)
        case "dead_letters" where !isBlocking: target = try Self.deadLetter(rest)
        case "spots" where !isBlocking: target = try Self.spot(rest)
        // The newest dialect names an application, which does not divide the spots.
        case "nodes" where !isBlocking: target = try Self.spot(rest.dropFirst())
        case _ where !isBlocking: target = try Self.administration(noun, rest)
        default: throw Failure.notFound
        }
    }

    private static func function(
        _ parts: ArraySlice<String>, isBlocking: Bool, _ hasTrailingSlash: Bool
    ) throws -> Target {
        if let action = parts.last, action == "rpc" || action == "bulk_rpc", parts.count == 2 || parts.count == 3 {
            let key = try key(parts.dropLast())
            if isBlocking {
                guard action == "rpc" else { throw Failure.notFound }
                return .blockingRun(key)
            }
            return action == "rpc" ? .run(key) : .bulk(key)
        }
        if isBlocking { throw Failure.notFound }
        switch parts.count {
        case 0: return .functions
        case 1 where hasTrailingSlash: return .applicationOrFunction(parts[parts.startIndex])
        case 1, 2: return .function(try key(parts))
        default: throw Failure.notFound
        }
    }

    private static func execution(_ parts: ArraySlice<String>) throws -> Target {
        guard let id = parts.first else { return .executions }
        if parts.count == 2, let last = parts.last {
            if last == "logs" { return .executionLogs(id) }
            if last == "graph" { return .executionGraph(id) }
            if id == "batch" { return .batch(last) }
        }
        guard parts.count == 1 else { throw Failure.notFound }
        return id == "bulk" ? .executionsInBulk : .execution(id)
    }

    private static func deadLetter(_ parts: ArraySlice<String>) throws -> Target {
        guard let id = parts.first else { return .deadLetters }
        if parts.count == 2, parts.last == "redrive" { return .redrive(id) }
        guard parts.count == 1 else { throw Failure.notFound }
        return id == "redrive" ? .redriveAll : .deadLetter(id)
    }

    private static func spot(_ parts: ArraySlice<String>) throws -> Target {
        guard let first = parts.first else { return .spots }
        if parts.count == 2, first == "replace" { return .replaceSpot(parts[parts.startIndex + 1]) }
        guard parts.count == 1 else { throw Failure.notFound }
        return .spot(first)
    }

    /// A function's name, after that of its application where there are two.
    private static func key(_ parts: ArraySlice<String>) throws -> FunctionKey {
        guard let name = parts.last else { throw Failure.notFound }
        let namespace = parts.count > 1 ? try namespace(parts[parts.startIndex]) : .default
        return FunctionKey(namespace: namespace, name: try FunctionName(name))
    }

    /// An application's name. Clients of the newest dialect write `None` where they have none.
    static func namespace(_ name: String) throws -> Namespace {
        name == "None" ? .default : try Namespace(name)
    }

    /// The parts between the slashes after the first one; an empty one at the end stands for a trailing slash.
    private static func components(of path: String) throws -> [String] {
        var path = path
        let parts = path.withUTF8 { utf8 in
            utf8.dropFirst(utf8.first == UInt8(ascii: "/") ? 1 : 0)
                .split(separator: UInt8(ascii: "/"), maxSplits: 8, omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
        }
        guard path.utf8.contains(UInt8(ascii: "%")) else { return parts }
        return try parts.map { part in
            guard let decoded = PercentCoding.decoded(part) else { throw InvalidNameText(part) }
            return decoded
        }
    }
}

/// A part of a path that is not UTF-8 once decoded.
struct InvalidNameText: Error {
    var name: String

    init(_ name: String) { self.name = name }
}
