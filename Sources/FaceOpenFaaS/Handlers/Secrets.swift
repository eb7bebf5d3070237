import HTTPTypes
import Hummingbird
import Model
import Platform
import Storage

/// Secrets: their values come in, and only functions ever see them again.
extension OpenFaaSFace {
    func listSecrets(_ call: SystemCall) async throws -> Response {
        try call.access.require(.read)
        let namespace = try await call.namespace()
        let names = try await platform.secrets.names(in: namespace)
        return try Reply.json(names.map { SecretBody(name: $0, namespace: GatewayName.text(namespace)) })
    }

    func saveSecret(_ call: SystemCall, isNew: Bool) async throws -> Response {
        try call.access.require(.deploy)
        let body = try await call.body(SecretBody.self)
        let (name, namespace) = try await secret(body)
        try call.access.requireAll(of: namespace)
        try await platform.secrets.save(name, in: namespace, try body.bytes(), isNew: isNew)
        try await platform.audit.note(call.access, isNew ? "secret.create" : "secret.update", "\(namespace)/\(name)")
        return Reply.empty(isNew ? .created : .ok)
    }

    func deleteSecret(_ call: SystemCall) async throws -> Response {
        try call.access.require(.deploy)
        let (name, namespace) = try await secret(try await call.body(SecretBody.self))
        try call.access.requireAll(of: namespace)
        try await platform.secrets.delete(name, in: namespace)
        try await platform.audit.note(call.access, "secret.delete", "\(namespace)/\(name)")
        return Reply.empty(.ok)
    }

    private func secret(_ body: SecretBody) async throws -> (FunctionName, Namespace) {
        (try FunctionName(body.name), try await namespace(body.namespace))
    }
}
