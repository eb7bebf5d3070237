import Yams

/// The functions that one file describes.
public struct StackFile: Sendable {
    public struct Function: Hashable, Sendable {
        public var name: String
        public var language = ""
        public var handler = ""
        public var image = ""
        public var process: String?
        public var environment: [String: String] = [:]
        public var environmentFiles: [String] = []
        public var secrets: [String] = []
        public var skipsBuild = false
        public var constraints: [String] = []
        public var labels: [String: String] = [:]
        public var annotations: [String: String] = [:]
        public var limits: [String: String] = [:]
        public var requests: [String: String] = [:]
        public var isReadOnly = false
        public var buildArguments: [String: String] = [:]
        public var namespace: String?

        public init(name: String) { self.name = name }
    }

    public var gateway: String?
    public var functions: [Function] = []

    /// The file that commands read without being told: the new name, else the older one.
    public static func standardPath() -> String {
        ["stack.yaml", "stack.yml"].first { PrivateFile.status($0) != nil } ?? "stack.yaml"
    }

    /// Reads a file, where wanted with variables in the place of `${NAME}`.
    public init(path: String, environment: ClientEnvironment?) throws(ClientError) {
        let bytes: [UInt8]
        do { bytes = try PrivateFile.read(path) } catch {
            guard PrivateFile.status(path) == nil else { throw .local(error.message) }
            throw .local("There is no file `\(path)`: name the one that describes the functions with --yaml.")
        }
        var text = String(decoding: bytes, as: UTF8.self)
        if let environment { text = Substitution.applied(to: text, environment) }
        try self.init(yaml: text, path: path)
    }

    init(yaml: String, path: String) throws(ClientError) {
        let root: Node?
        do { root = try Yams.compose(yaml: yaml) } catch { throw .local("`\(path)` is not YAML: \(error).") }
        guard let mapping = root?["functions"]?.mapping, !mapping.isEmpty else {
            throw .local("`\(path)` has no functions.")
        }
        gateway = root?["provider"]?["gateway"]?.scalar?.string
        functions = mapping.compactMap { key, node in key.scalar.map { Function(name: $0.string, node) } }
    }

    /// The functions whose names a pattern with `*`, or a regular expression, matches.
    public func selected(filter: String?, regex: String?) throws(ClientError) -> [Function] {
        guard filter == nil || regex == nil else { throw .local("Give --filter or --regex, not both.") }
        if let filter, !filter.isEmpty {
            return functions.filter { Self.matches(Array($0.name)[...], Array(filter)[...]) }
        }
        guard let regex, !regex.isEmpty else { return functions }
        do {
            let expression = try Regex(regex)
            return functions.filter { $0.name.firstMatch(of: expression) != nil }
        } catch { throw .local("`\(regex)` is no regular expression.") }
    }

    private static func matches(_ name: ArraySlice<Character>, _ pattern: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        if first == "*" {
            return matches(name, pattern.dropFirst()) || (!name.isEmpty && matches(name.dropFirst(), pattern))
        }
        return name.first == first && matches(name.dropFirst(), pattern.dropFirst())
    }
}

extension StackFile.Function {
    fileprivate init(name: String, _ node: Node) {
        self.init(name: name)
        func text(_ key: String) -> String? { node[key]?.scalar.flatMap { $0.string.isEmpty ? nil : $0.string } }
        func list(_ key: String) -> [String] { node[key]?.sequence?.compactMap { $0.scalar?.string } ?? [] }
        language = text("lang") ?? ""
        handler = text("handler") ?? ""
        image = text("image") ?? ""
        process = text("fprocess")
        environment = Self.map(node["environment"])
        environmentFiles = list("environment_file")
        secrets = list("secrets")
        skipsBuild = node["skip_build"]?.bool ?? false
        constraints = list("constraints")
        labels = Self.map(node["labels"])
        annotations = Self.map(node["annotations"])
        limits = Self.map(node["limits"])
        requests = Self.map(node["requests"])
        isReadOnly = node["readonly_root_filesystem"]?.bool ?? false
        buildArguments = Self.map(node["build_args"])
        namespace = text("namespace")
    }

    /// The variables of the function's own map, over those of its files.
    public func wholeEnvironment() throws(ClientError) -> [String: String] {
        var all: [String: String] = [:]
        for path in environmentFiles {
            let bytes: [UInt8]
            do { bytes = try PrivateFile.read(path) } catch { throw .local(error.message) }
            guard let node = try? Yams.compose(yaml: String(decoding: bytes, as: UTF8.self)) else {
                throw .local("`\(path)` is not YAML.")
            }
            all.merge(Self.map(node["environment"])) { $1 }
        }
        return all.merging(environment) { $1 }
    }

    private static func map(_ node: Node?) -> [String: String] {
        var map: [String: String] = [:]
        for (key, value) in node?.mapping ?? Node.Mapping([]) {
            if let key = key.scalar?.string, let value = value.scalar?.string { map[key] = value }
        }
        return map
    }
}

/// Variables in the place of `${NAME}` and `${NAME:-default}`.
enum Substitution {
    static func applied(to text: String, _ environment: ClientEnvironment) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            result += rest[..<start.lowerBound]
            let inside = rest[start.upperBound...]
            guard let end = inside.firstIndex(of: "}"), !inside[..<end].contains(where: \.isNewline) else {
                result += rest[start.lowerBound..<start.upperBound]
                rest = inside
                continue
            }
            let parts = inside[..<end].split(separator: ":-", maxSplits: 1, omittingEmptySubsequences: false)
            result += environment[String(parts[0])] ?? (parts.count == 2 ? String(parts[1]) : "")
            rest = inside[inside.index(after: end)...]
        }
        return result + rest
    }
}
