import Glibc

/// What the client takes from its surroundings; tests give it another one.
public struct ClientEnvironment: Sendable {
    public var variables: [String: String]
    public var home: String
    public var user: UInt32

    public init(variables: [String: String], home: String, user: UInt32) {
        self.variables = variables
        self.home = home
        self.user = user
    }

    /// The surroundings of this process.
    public static var current: ClientEnvironment {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        let home = variables["HOME"] ?? getpwuid(getuid()).map { String(cString: $0.pointee.pw_dir) } ?? "/"
        return ClientEnvironment(variables: variables, home: home, user: getuid())
    }

    /// A variable's value; nil where it is missing or empty.
    public subscript(_ name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// `path` with a leading `~/` replaced by the home folder.
    func expand(_ path: String) -> String {
        path.hasPrefix("~/") ? home + path.dropFirst() : path
    }
}
