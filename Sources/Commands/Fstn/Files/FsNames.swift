import ArgumentParser
import Client

struct FsPing: FsAction {
    static let configuration = CommandConfiguration(
        commandName: "ping", abstract: "Measure how long an operation on files takes.")

    @ParentCommand var program: FstnCommand
    @ParentCommand var fs: FstnFs

    func operate(_ session: FstnSession) async throws {
        let start = ContinuousClock.now
        let reply = try await session.ask("Pinging", session.call("ping", [:]))
        let elapsed = ContinuousClock.now - start
        guard reply.succeeded else {
            session.show("Pinging", reply)
            throw ExitCode.failure
        }
        PingTime.show(elapsed, asJSON: program.json)
    }
}

struct FsList: FsAction {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "Show what is in a directory, or the facets of a faceted one.")

    @ParentCommand var program: FstnCommand
    @ParentCommand var fs: FstnFs
    @Argument(help: "The path.") var path: String
    @Flag(name: .shortAndLong, help: "Show a table with kinds and labels.") var long = false

    func operate(_ session: FstnSession) async throws {
        let call = session.call("ls", ["path": .string(path), "long": long ? true : nil])
        guard long, !program.json else { return try await session.tell("Listing", call) }
        let reply = try await session.ask("Listing", call)
        session.show("Listing", reply)
        guard reply.succeeded else { throw ExitCode.failure }
        let lines = LongListing.text(reply.value)
        if !lines.isEmpty { Console.out(lines) }
    }
}

struct FsUnlink: FsAction {
    static let configuration = CommandConfiguration(
        commandName: "unlink", abstract: "Remove a name.")

    @ParentCommand var program: FstnCommand
    @ParentCommand var fs: FstnFs
    @OptionGroup var place: FsPlace

    func operate(_ session: FstnSession) async throws {
        try await session.tell(
            "Unlinking", session.call("unlink", ["base": .string(place.base), "name": .string(place.name)]))
    }
}

struct FsMakeDirectory: FsAction {
    static let configuration = CommandConfiguration(commandName: "mkdir", abstract: "Make a directory.")

    @ParentCommand var program: FstnCommand
    @ParentCommand var fs: FstnFs
    @OptionGroup var label: FsLabel
    @OptionGroup var place: FsPlace

    func operate(_ session: FstnSession) async throws {
        try await session.make("mkdir", place, label.label)
    }
}

struct FsMakeFile: FsAction {
    static let configuration = CommandConfiguration(commandName: "mkfile", abstract: "Make an empty file.")

    @ParentCommand var program: FstnCommand
    @ParentCommand var fs: FstnFs
    @OptionGroup var label: FsLabel
    @OptionGroup var place: FsPlace

    func operate(_ session: FstnSession) async throws {
        try await session.make("mkfile", place, label.label)
    }
}

struct FsMakeFaceted: FsAction {
    static let configuration = CommandConfiguration(
        commandName: "mkfaceted", abstract: "Make a faceted directory, which has a part for each label.")

    @ParentCommand var program: FstnCommand
    @ParentCommand var fs: FstnFs
    @OptionGroup var place: FsPlace

    func operate(_ session: FstnSession) async throws {
        try await session.make("mkfaceted", place, nil)
    }
}

extension FstnSession {
    fileprivate func make(_ operation: String, _ place: FsPlace, _ label: String?) async throws {
        try await tell(
            "Making",
            call(
                operation,
                ["base": .string(place.base), "name": .string(place.name), "label": label.map(JSON.string)]))
    }
}

/// What `ls --long` shows: a line for each name or facet.
enum LongListing {
    private static let kinds = ["directory", "file", "faceted", "gate", "service", "blob"]

    /// Lines without the last line end: kind, label and name; of a faceted directory, labels.
    static func text(_ value: JSON) -> String {
        if let facets = value.array { return facets.map(label).joined(separator: "\n") }
        guard case .object(let members) = value else { return "" }
        let rows = members.map { ($0.name, kind($0.value["kind"]), label($0.value["label"] ?? .null)) }
        let width = rows.reduce(0) { max($0, $1.2.count) }
        return rows.map { name, kind, label in
            let gaps = [9 - kind.count, width - label.count].map { String(repeating: " ", count: max(0, $0)) }
            return "\(kind)\(gaps[0])  \(label)\(gaps[1])  \(shown(name))"
        }.joined(separator: "\n")
    }

    private static func kind(_ number: JSON?) -> String {
        guard case .number(let digits)? = number, let index = Int(digits), kinds.indices.contains(index) else {
            return "?"
        }
        return kinds[index]
    }

    /// Names are anybody's: what could steer a terminal is not shown as it is.
    private static func shown(_ name: String) -> String {
        let quoted = JSON.string(name).compact
        return quoted.contains("\\") ? quoted : name
    }

    /// A label's text, from its JSON.
    private static func label(_ value: JSON) -> String {
        guard value != .null else { return "-" }
        return LabelText.label(value) ?? value.compact
    }
}
