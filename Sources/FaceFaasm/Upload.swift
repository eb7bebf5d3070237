import HTTPTypes
import Hummingbird
import Model
import Platform
import Storage

extension FaasmFace {
    /// `PUT`, `GET` and `DELETE` of Python sources, and `GET /ping`. `parts` is the path below the upload server's root.
    func upload(_ request: Request, _ parts: [String], _ access: Access) async throws -> Response {
        switch (parts.first, request.method) {
        case ("ping", .get) where parts.count == 1: return Reply.text("PONG")
        case ("p", let method), ("pa", let method):
            guard parts.count == 3 else {
                throw Failure(
                    .badRequest, "Bad URL, expected single path part \(parts.dropFirst().joined(separator: "/"))")
            }
            return try await python(request, method, try Self.key(parts[1], parts[2]), access)
        default:
            let known: Set<HTTPRequest.Method> = [.get, .put, .delete]
            guard known.contains(request.method) else { throw Failure(.methodNotAllowed, "Method not allowed") }
            throw Failure(.badRequest, "Unrecognised \(request.method) request to \(parts.joined(separator: "/"))")
        }
    }

    private func python(
        _ request: Request, _ method: HTTPRequest.Method, _ key: FunctionKey, _ access: Access
    ) async throws -> Response {
        switch method {
        case .put:
            try access.require(.deploy)
            try access.requireChangeable(key)
            let bytes = try await request.body.collect(upTo: configuration.maximumSourceBytes)
            guard let source = String(validating: bytes.readableBytesView, as: UTF8.self) else {
                throw Failure(.badRequest, "The source is not UTF-8.")
            }
            try await platform.put(FunctionDraft(key: key, face: .faasm, source: source))
            return Reply.bytes([])
        case .get:
            try access.require(.read)
            try access.requireVisible(key)
            return Reply.bytes(Array(try await platform.function(key).source.utf8))
        case .delete:
            try access.require(.deploy)
            try access.requireChangeable(key)
            _ = try await platform.delete(key)
            return Response(status: .noContent)
        default: throw Failure(.methodNotAllowed, "Method not allowed")
        }
    }
}
