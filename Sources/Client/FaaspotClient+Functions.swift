import Model
import NIOHTTP1

/// What an update changes; nil leaves as it is.
public struct FunctionChanges: Hashable, Sendable {
    public var code: String?
    /// A package instead of code: the bytes of a zip, tar or SquashFS archive.
    public var package: [UInt8]?
    public var context: String?
    public var requirements: String?
    public var name: String?
    public var policy: FunctionPolicy

    public init(
        code: String? = nil, package: [UInt8]? = nil, context: String? = nil, requirements: String? = nil,
        name: String? = nil, policy: FunctionPolicy = FunctionPolicy()
    ) {
        self.code = code
        self.package = package
        self.context = context
        self.requirements = requirements
        self.name = name
        self.policy = policy
    }

    /// Whether nothing would change.
    public var isEmpty: Bool { self == FunctionChanges() }
}

extension FaaspotClient {
    /// The functions, an object each.
    public func functions() async throws(ClientError) -> [JSON] {
        try list(await send(.GET, routes.functions))
    }

    /// One function, its `code` decoded.
    public func function(_ name: String) async throws(ClientError) -> JSON {
        guard case .object(var members) = try await send(.GET, routes.function(name)) else {
            throw unexpected("an object")
        }
        for (index, member) in members.enumerated() where member.name == "code" {
            if let code = member.value.string { members[index].value = .string(PercentCoding.decoded(code) ?? code) }
        }
        return .object(members)
    }

    /// Creates a function of code or of a package (the bytes of a zip, tar or SquashFS archive) and returns the id of the execution that does it.
    public func createFunction(
        _ name: String, code: String? = nil, package: [UInt8]? = nil, context: String? = nil,
        requirements: String? = nil, policy: FunctionPolicy = FunctionPolicy()
    ) async throws(ClientError) -> String {
        var members = [JSON.Member("name", .string(name))]
        if let code { members.append(JSON.Member("code", encoded(code))) }
        if let package { members.append(JSON.Member("package", .string(Base64.encode(package)))) }
        members.append(JSON.Member("context", encoded(context ?? "")))
        if let requirements { members.append(JSON.Member("requirements", encoded(requirements))) }
        members += policy.members
        return try id(await send(.PUT, routes.functions, body: .object(members)))
    }

    /// Changes a function and returns the server's answer, an object with `uuid`.
    public func updateFunction(_ name: String, _ changes: FunctionChanges) async throws(ClientError) -> JSON {
        let members: [(String, JSON?)] = [
            ("code", changes.code.map(encoded)), ("package", changes.package.map { .string(Base64.encode($0)) }),
            ("context", changes.context.map(encoded)),
            ("requirements", changes.requirements.map(encoded)), ("name", changes.name.map(JSON.string)),
        ]
        let body = JSON.object(
            members.compactMap { name, value in value.map { JSON.Member(name, $0) } } + changes.policy.members)
        return try await send(.PATCH, routes.function(name), body: body)
    }

    /// Deletes a function and returns the server's answer, an object with `uuid`.
    public func deleteFunction(_ name: String) async throws(ClientError) -> JSON {
        try await send(.DELETE, routes.function(name))
    }

    /// Starts a run and returns its id.
    public func run(
        _ name: String, _ arguments: JSON, _ options: RunOptions = RunOptions()
    ) async throws(ClientError) -> String {
        try id(await send(.POST, routes.run(name), body: arguments, headers: options.headers))
    }

    /// Runs a function, waits as long as it takes, and returns what it returned. Arguments that are not all strings,
    /// or are long, travel in the body instead of the address.
    public func runAndWait(_ name: String, _ arguments: JSON) async throws(ClientError) -> JSON {
        if let query = Self.query(for: arguments) {
            return try await send(.GET, routes.runAndWait(name) + (query.isEmpty ? "" : "?\(query)"))
        }
        return try await send(.POST, routes.runAndWait(name), body: arguments)
    }

    /// Starts one run for each of `arguments`, and returns their ids in the same order, and the id of the batch.
    public func runInBulk(
        _ name: String, _ arguments: [JSON], _ options: RunOptions = RunOptions()
    ) async throws(ClientError) -> (ids: [JSON], batch: String?) {
        let reply = try await reply(
            to: .POST, routes.runInBulk(name), body: .array(arguments), headers: options.headers)
        return (try list(reply.json), reply.headers.first(name: "X-Swiftlet-Batch"))
    }

    private static let maximumQueryBytes = 4096

    static func query(for arguments: JSON) -> String? {
        guard case .object(let members) = arguments else { return nil }
        var parts: [String] = []
        for member in members {
            guard let value = member.value.string else { return nil }
            parts.append("\(PercentCoding.encoded(member.name, safe: ""))=\(PercentCoding.encoded(value, safe: ""))")
        }
        let query = parts.joined(separator: "&")
        return query.utf8.count <= maximumQueryBytes ? query : nil
    }

    private func encoded(_ text: String) -> JSON { .string(PercentCoding.encoded(text)) }
}
