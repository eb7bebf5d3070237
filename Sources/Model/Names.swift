/// The name of a function inside its namespace: 1 to 128 of `A-Z a-z 0-9 - _ .`, not a reserved path word.
public struct FunctionName: Hashable, Sendable, Codable, CustomStringConvertible {
    public let rawValue: String

    /// How long a name may be.
    public static let maximumBytes = NameRule.maximumBytes

    /// Words that faces use as path components after a name.
    static let reserved: Set<String> = ["rpc", "bulk_rpc", ".", ".."]

    public init(_ rawValue: String) throws(InvalidName) {
        guard NameRule.accepts(rawValue), !Self.reserved.contains(rawValue) else { throw InvalidName(rawValue) }
        self.rawValue = rawValue
    }

    public init(from decoder: any Decoder) throws {
        try self.init(String(from: decoder))
    }

    public func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }

    public var description: String { rawValue }
}

/// A group of functions: FaaSpot's application, OpenFaaS's namespace, Faasm's user.
public struct Namespace: Hashable, Sendable, Codable, CustomStringConvertible {
    public let rawValue: String

    public static let `default` = Namespace(unchecked: "default")

    public init(_ rawValue: String) throws(InvalidName) {
        guard NameRule.accepts(rawValue), !FunctionName.reserved.contains(rawValue) else { throw InvalidName(rawValue) }
        self.rawValue = rawValue
    }

    /// For names that are known to be valid.
    package init(unchecked: String) { rawValue = unchecked }

    public init(from decoder: any Decoder) throws {
        try self.init(String(from: decoder))
    }

    public func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }

    public var description: String { rawValue }
}

/// What identifies a function to users: its namespace and name.
public struct FunctionKey: Hashable, Sendable, Codable, CustomStringConvertible {
    public var namespace: Namespace
    public var name: FunctionName

    public init(namespace: Namespace = .default, name: FunctionName) {
        self.namespace = namespace
        self.name = name
    }

    public var description: String { namespace == .default ? name.rawValue : "\(namespace)/\(name)" }
}

/// A name that breaks the rule of ``FunctionName`` or ``Namespace``.
public struct InvalidName: Error, Sendable, Equatable {
    public let name: String

    init(_ name: String) { self.name = name }
}

enum NameRule {
    static let maximumBytes = 128

    static func accepts(_ name: String) -> Bool {
        let bytes = name.utf8
        return !bytes.isEmpty && bytes.count <= maximumBytes
            && bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
