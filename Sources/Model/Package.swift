/// The content hash (SHA-256, 64 hexadecimal digits) of a package's archive, under which it is stored.
public struct PackageID: Hashable, Sendable, Codable, CustomStringConvertible {
    public let rawValue: String

    /// Takes 64 lower-case hexadecimal digits; nil where the text has another form.
    public init?(_ rawValue: String) {
        guard let digest = ImageID(rawValue) else { return nil }
        self.rawValue = digest.rawValue
    }

    public init(from decoder: any Decoder) throws {
        let text = try String(from: decoder)
        guard let id = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "\(text) is no package id"))
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }

    public var description: String { rawValue }
}

/// A package, and where guests see it.
public struct PackageMount: Hashable, Sendable, Codable {
    public var package: PackageID
    /// The guest's path of its root, without a slash at either end: `srv/package`.
    public var path: String

    public init(package: PackageID, path: String) {
        self.package = package
        self.path = path
    }
}

/// A distribution that requirements were resolved to.
public struct LockedDistribution: Hashable, Sendable, Codable {
    public var name: String
    public var version: String
    /// SHA-256 of its wheel, 64 hexadecimal digits.
    public var sha256: String

    public init(name: String, version: String, sha256: String) {
        self.name = name
        self.version = version
        self.sha256 = sha256
    }
}

/// What a version of a function has besides the source of its module.
public struct PackageUse: Hashable, Sendable, Codable {
    /// The user's own files; nil where there is just the module's source.
    public var own: PackageID?
    /// What the requirements brought.
    public var dependencies: PackageID?
    /// Which distributions those are, by name.
    public var lock: [LockedDistribution]

    public static let none = PackageUse()

    public init(own: PackageID? = nil, dependencies: PackageID? = nil, lock: [LockedDistribution] = []) {
        self.own = own
        self.dependencies = dependencies
        self.lock = lock
    }

    /// All packages that this names.
    public var packages: [PackageID] { [own, dependencies].compactMap(\.self) }
}
