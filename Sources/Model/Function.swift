/// Whose conventions a function's code follows: which entry it has and what it is given.
public enum Face: String, Hashable, Sendable, Codable, CaseIterable {
    case faaspot, faasm, faasten, openfaas
}

/// A deployed function: a name for its newest version.
public struct Function: Hashable, Sendable, Codable {
    public var id: FunctionID
    public var key: FunctionKey
    public var face: Face
    /// The number of the version that calls run, counted from 1.
    public var version: Int
    public var limits: FunctionLimits
    public var policy: FunctionPolicy
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    public init(
        id: FunctionID, key: FunctionKey, face: Face, version: Int, limits: FunctionLimits,
        policy: FunctionPolicy = .standard, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.key = key
        self.face = face
        self.version = version
        self.limits = limits
        self.policy = policy
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// One immutable version of a function's code and secrets. Only `image` may change: it is a cache of the others.
public struct FunctionVersion: Hashable, Sendable, Codable {
    public var function: FunctionID
    public var number: Int
    public var source: String
    /// The name of the function in the code that is called, where it is not the face's usual one.
    public var entry: String?
    /// The context text, encrypted; nil where there is none.
    public var sealedContext: [UInt8]?
    /// Requirements in pip's format, as given.
    public var requirements: String?
    /// The files that come with the source, and what the requirements were resolved to.
    public var packages: PackageUse
    /// The image that calls start from; nil or unknown to the workers: to be taken anew from `source`
    /// and `packages`.
    public var image: ImageID?
    public var createdAt: Timestamp
    /// What it was deployed with beside its code, where its face has such a thing.
    public var deployment: Deployment?

    public init(
        function: FunctionID, number: Int, source: String, entry: String? = nil, sealedContext: [UInt8]? = nil,
        requirements: String? = nil, packages: PackageUse = .none, image: ImageID?, createdAt: Timestamp,
        deployment: Deployment? = nil
    ) {
        self.function = function
        self.number = number
        self.source = source
        self.entry = entry
        self.sealedContext = sealedContext
        self.requirements = requirements
        self.packages = packages
        self.image = image
        self.createdAt = createdAt
        self.deployment = deployment
    }
}
