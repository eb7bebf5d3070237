public import Model
public import Packages

/// A function to be deployed.
public struct FunctionDraft: Sendable {
    public var key: FunctionKey
    public var face: Face
    /// The module; where there are files, the one that the face's conventions name is taken instead.
    public var source: String
    /// The package that the module is in; nil: it stands alone.
    public var files: PackageTree?
    /// The name of the function in the code that is called, where it is not the face's usual one.
    public var entry: String?
    /// `KEY=Value` lines; empty or nil: none.
    public var context: String?
    /// Requirements in pip's format; nil: what the package's `requirements.txt` says.
    public var requirements: String?
    /// Nil: the server's standard ones.
    public var limits: FunctionLimits?
    public var policy: FunctionPolicy
    public var deployment: Deployment?

    public init(
        key: FunctionKey, face: Face, source: String, files: PackageTree? = nil, entry: String? = nil,
        context: String? = nil, requirements: String? = nil, limits: FunctionLimits? = nil,
        policy: FunctionPolicy = .standard, deployment: Deployment? = nil
    ) {
        self.key = key
        self.face = face
        self.source = source
        self.files = files
        self.entry = entry
        self.context = context
        self.requirements = requirements
        self.limits = limits
        self.policy = policy
        self.deployment = deployment
    }
}

/// What to change of a function; nil leaves a part as it is.
public struct FunctionChange: Sendable {
    public var name: FunctionName?
    /// A module that stands alone from now on.
    public var source: String?
    /// A package instead; with its `requirements.txt`, it takes the place of what was there.
    public var files: PackageTree?
    /// An empty text takes the context away.
    public var context: String?
    /// An empty text takes the requirements away.
    public var requirements: String?
    public var limits: FunctionLimits?
    public var policy: FunctionPolicy?
    /// The name of the function in the code that is called.
    public var entry: String?
    public var deployment: Deployment?

    public init(
        name: FunctionName? = nil, source: String? = nil, files: PackageTree? = nil, context: String? = nil,
        requirements: String? = nil, limits: FunctionLimits? = nil, policy: FunctionPolicy? = nil,
        entry: String? = nil, deployment: Deployment? = nil
    ) {
        self.name = name
        self.source = source
        self.files = files
        self.context = context
        self.requirements = requirements
        self.limits = limits
        self.policy = policy
        self.entry = entry
        self.deployment = deployment
    }

    /// Whether nothing would change.
    public var isEmpty: Bool {
        name == nil && source == nil && files == nil && context == nil && requirements == nil && limits == nil
            && policy == nil && entry == nil && deployment == nil
    }
}

/// A function with its current version, without secrets.
public struct FunctionDetails: Sendable {
    public var function: Function
    public var source: String
    public var requirements: String?
    /// The files beside the source, and what the requirements were resolved to.
    public var packages: PackageUse
    /// The name of the function in the code that is called, where it is not the face's usual one.
    public var entry: String?
    public var deployment: Deployment?

    init(_ function: Function, _ version: FunctionVersion) {
        self.function = function
        source = version.source
        requirements = version.requirements
        packages = version.packages
        entry = version.entry
        deployment = version.deployment
    }
}
