import Model
import Platform

/// What a deployment asks for. What is missing or null is empty; what is unknown is ignored.
struct FunctionDeployment: Decodable {
    var service: String
    var image: String
    var namespace: String?
    var envProcess: String?
    var envVars: [String: String]?
    var labels: [String: String]?
    var annotations: [String: String]?
    var secrets: [String]?
    var constraints: [String]?
    var limits: Deployment.Resources?
    var requests: Deployment.Resources?
    var readOnlyRootFilesystem: Bool?

    /// What the platform keeps of it.
    var deployment: Deployment {
        var deployment = Deployment(image: image)
        deployment.environment = envVars ?? [:]
        deployment.secrets = secrets ?? []
        deployment.labels = labels ?? [:]
        deployment.annotations = annotations ?? [:]
        deployment.process = envProcess
        deployment.constraints = constraints ?? []
        deployment.isReadOnly = readOnlyRootFilesystem ?? false
        deployment.limits = limits
        deployment.requests = requests
        return deployment
    }
}

/// A deployed function as it is shown. Labels and annotations are objects always: clients fail on null.
struct FunctionStatus: Encodable {
    struct Usage: Encodable {
        /// Thousandths of a processor.
        var cpu: Double
        var totalMemoryBytes: Int64
    }

    var name: String
    var namespace: String
    var image: String
    var envProcess: String?
    var envVars: [String: String]
    var labels: [String: String]
    var annotations: [String: String]
    var secrets: [String]
    var constraints: [String]
    var limits: Deployment.Resources?
    var requests: Deployment.Resources?
    var readOnlyRootFilesystem: Bool
    var invocationCount: Int
    var replicas: Int
    var availableReplicas: Int
    var createdAt: String
    var usage: Usage?

    /// Sandboxes start on demand: as many replicas are available as were asked for.
    init(_ details: FunctionDetails, invocations: Int, replicas: Int?) {
        let deployment = details.deployment ?? Deployment(image: "")
        name = details.function.key.name.rawValue
        namespace = GatewayName.text(details.function.key.namespace)
        image = deployment.image
        envProcess = deployment.process
        envVars = deployment.environment
        labels = deployment.labels
        annotations = deployment.annotations
        secrets = deployment.secrets
        constraints = deployment.constraints
        limits = deployment.limits
        requests = deployment.requests
        readOnlyRootFilesystem = deployment.isReadOnly
        invocationCount = invocations
        self.replicas = replicas ?? Scale(deployment.labels).minimum
        availableReplicas = self.replicas
        createdAt = TimestampText.rfc3339(details.function.createdAt)
    }
}

/// Which function to delete.
struct DeleteRequest: Decodable {
    var functionName: String
    var namespace: String?
}

/// How many replicas are wanted.
struct ScaleRequest: Decodable {
    var serviceName: String?
    var replicas: Int
    var namespace: String?
}

/// How functions scale that their labels tell.
struct Scale {
    static let bounds = 1...5

    var minimum: Int
    var maximum: Int
    /// Percent of the maximum by which is scaled.
    var factor: Int

    init(_ labels: [String: String]) {
        func number(_ name: String) -> Int? { labels["com.openfaas.scale.\(name)"].flatMap { Int($0) } }
        minimum = Self.clamped(number("min") ?? 1)
        maximum = Self.clamped(number("max") ?? Self.bounds.upperBound)
        factor = min(max(0, number("factor") ?? 10), 100)
    }

    static func clamped(_ replicas: Int) -> Int { min(max(bounds.lowerBound, replicas), bounds.upperBound) }

    /// The replicas after an alert that fires, or that is over.
    func replicas(from current: Int, isFiring: Bool) -> Int {
        isFiring ? min(maximum, current + (maximum * factor + 99) / 100) : minimum
    }
}

/// What AlertManager sends.
struct AlertBody: Decodable {
    struct Alert: Decodable {
        var status: String
        var labels: [String: String]?
    }

    var alerts: [Alert]
}
