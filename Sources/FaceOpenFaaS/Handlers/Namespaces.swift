import HTTPTypes
import Hummingbird
import Model
import Platform
import Storage

/// Namespaces, each with functions and secrets of its own.
extension OpenFaaSFace {
    func listNamespaces(_ call: SystemCall) async throws -> Response {
        try call.access.require(.read)
        let names = try await platform.namespaces.all().keys.filter { $0 != .default }.map(\.rawValue).sorted()
        return try Reply.json([GatewayName.defaultNamespace] + names)
    }

    /// One namespace. New ones are sent to the path without a name, or with it.
    func namespace(_ name: String?, _ method: HTTPRequest.Method, _ call: SystemCall) async throws -> Response {
        switch method {
        case .get:
            try call.access.require(.read)
            return try await showNamespace(name ?? "")
        case .post, .put:
            try call.access.require(.admin)
            let body = try await call.body(NamespaceBody.self)
            return try await save(body, isNew: method == .post, call)
        case .delete:
            try call.access.require(.admin)
            var name = name ?? ""
            if name.isEmpty { name = try await call.body(NamespaceBody.self).name }
            return try await delete(name, call)
        default: throw Refusal.methodNotAllowed
        }
    }

    private func showNamespace(_ name: String) async throws -> Response {
        let namespace = name == GatewayName.defaultNamespace ? .default : try Namespace(name)
        let notes = try await platform.namespaces.all()[namespace]
        guard notes != nil || namespace == .default else { throw Self.missing(name) }
        return try Reply.json(
            NamespaceBody(name: name, labels: notes?.labels ?? [:], annotations: notes?.annotations ?? [:]))
    }

    private func save(_ body: NamespaceBody, isNew: Bool, _ call: SystemCall) async throws -> Response {
        guard GatewayName.isDeployable(body.name), body.name != Namespace.default.rawValue else {
            throw Refusal(.badRequest, "`\(body.name)` is no valid name of a namespace.")
        }
        let namespace = body.name == GatewayName.defaultNamespace ? .default : try Namespace(body.name)
        guard !isNew || namespace != .default else {
            throw Refusal(.conflict, "Namespace `\(body.name)` already exists.")
        }
        try await platform.namespaces.save(
            namespace, NamespaceNotes(labels: body.labels ?? [:], annotations: body.annotations ?? [:]), isNew: isNew)
        try await platform.audit.note(call.access, isNew ? "namespace.create" : "namespace.update", body.name)
        return Reply.empty(isNew ? .created : .accepted)
    }

    private func delete(_ name: String, _ call: SystemCall) async throws -> Response {
        guard name != GatewayName.defaultNamespace, name != Namespace.default.rawValue else {
            throw Refusal(.forbidden, "The namespace `\(GatewayName.defaultNamespace)` cannot be deleted.")
        }
        try await platform.delete(try Namespace(name))
        try await platform.audit.note(call.access, "namespace.delete", name)
        return Reply.empty(.accepted)
    }

    private static func missing(_ name: String) -> Refusal { Refusal(.notFound, "There is no namespace `\(name)`.") }
}
