public import Model

/// A function to be deployed.
public struct FunctionDraft: Sendable {
    public var key: FunctionKey
    public var face: Face
    public var source: String
    /// The name of the function in the code that is called, where it is not the face's usual one.
    public var entry: String?
    /// `KEY=Value` lines; empty or nil: none.
    public var context: String?
    /// Requirements in pip's format.
    public var requirements: String?
    /// Nil: the server's standard ones.
    public var limits: FunctionLimits?
    public var policy: FunctionPolicy
    public var deployment: Deployment?

    public init(
        key: FunctionKey, face: Face, source: String, entry: String? = nil, context: String? = nil,
        requirements: String? = nil, limits: FunctionLimits? = nil, policy: FunctionPolicy = .standard,
        deployment: Deployment? = nil
    ) {
        self.key = key
        self.face = face
        self.source = source
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
    public var source: String?
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
        name: FunctionName? = nil, source: String? = nil, context: String? = nil, requirements: String? = nil,
        limits: FunctionLimits? = nil, policy: FunctionPolicy? = nil,
        entry: String? = nil, deployment: Deployment? = nil
    ) {
        self.name = name
        self.source = source
        self.context = context
        self.requirements = requirements
        self.limits = limits
        self.policy = policy
        self.entry = entry
        self.deployment = deployment
    }

    /// Whether nothing would change.
    public var isEmpty: Bool {
        name == nil && source == nil && context == nil && requirements == nil && limits == nil && policy == nil
            && entry == nil && deployment == nil
    }
}

/// A function with its current version, without secrets.
public struct FunctionDetails: Sendable {
    public var function: Function
    public var source: String
    public var requirements: String?
    /// The name of the function in the code that is called, where it is not the face's usual one.
    public var entry: String?
    public var deployment: Deployment?

    init(_ function: Function, _ version: FunctionVersion) {
        self.function = function
        source = version.source
        requirements = version.requirements
        entry = version.entry
        deployment = version.deployment
    }
}
