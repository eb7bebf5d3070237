import HTTPTypes
import Hummingbird
import Model
import Platform
import Storage

/// Replicas are noted and shown. Sandboxes start on demand, however many there are to be.
extension OpenFaaSFace {
    func scale(_ name: String, _ call: SystemCall) async throws -> Response {
        try call.access.require(.deploy)
        let body: ScaleRequest
        do { body = try await call.body(ScaleRequest.self) } catch is Refusal {
            throw Refusal(.badRequest, "Error unmarshalling request body")
        }
        let key = try await key(named: name, body.namespace ?? call.parameter("namespace"))
        try call.access.requireChangeable(key)
        let replicas = Scale.clamped(body.replicas)
        try await platform.setReplicas(replicas, of: try await details(key).function.id)
        try await platform.audit.note(call.access, "function.scale", "\(key)", detail: "\(replicas) replicas")
        return Reply.empty(.accepted)
    }

    func takeAlert(_ call: SystemCall) async throws -> Response {
        try call.access.require(.deploy)
        let body: AlertBody
        do { body = try await call.body(AlertBody.self) } catch is Refusal {
            throw Refusal(.badRequest, "Unable to parse alert, bad format.")
        }
        for alert in body.alerts {
            guard let name = alert.labels?["function_name"], !name.isEmpty else { continue }
            let key = try await key(name)
            // An alert about a function that is gone is no reason to send it again.
            guard call.access.covers(key), let details = try? await platform.function(key) else { continue }
            let scale = Scale(details.deployment?.labels ?? [:])
            let current = try await platform.replicas()[details.function.id] ?? scale.minimum
            try await platform.setReplicas(
                scale.replicas(from: current, isFiring: alert.status == "firing"), of: details.function.id)
        }
        return Reply.empty(.ok)
    }
}
