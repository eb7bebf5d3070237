/// What a version of a function is deployed with beside its code, as who deployed it said.
public struct Deployment: Hashable, Sendable, Codable {
    /// Amounts as their author writes them, such as `128Mi` and `100m`.
    public struct Resources: Hashable, Sendable, Codable {
        public var memory: String?
        public var cpu: String?

        public init(memory: String? = nil, cpu: String? = nil) {
            self.memory = memory
            self.cpu = cpu
        }
    }

    /// The name that the code was built under.
    public var image: String
    /// Variables that calls find in their environment.
    public var environment: [String: String] = [:]
    /// The secrets of the function's namespace that calls are given, by their names.
    public var secrets: [String] = []
    public var labels: [String: String] = [:]
    public var annotations: [String: String] = [:]
    /// What follows is only kept and shown.
    public var process: String?
    public var constraints: [String] = []
    public var isReadOnly = false
    public var limits: Resources?
    public var requests: Resources?

    public init(image: String) { self.image = image }
}
