import HTTPTypes
import Hummingbird
import Model
import Platform
import Storage

extension FaasmFace {
    /// A request to the upload server. `parts` is the path below its root.
    func upload(_ request: Request, _ parts: [String], _ access: Access) async throws -> Response {
        guard [.get, .put, .delete].contains(request.method) else {
            throw Failure(.methodNotAllowed, "Method not allowed")
        }
        switch parts.first {
        case "ping" where parts.count == 1 && request.method == .get:
            if configuration.compilesFirst, let preparation = platform.sandbox.sandboxStatus?.preparation {
                throw Failure(.serviceUnavailable, preparation, retryAfterSeconds: 1)
            }
            return Reply.text("PONG")
        case "p", "pa": return try await python(request, try key(parts), access)
        case "f", "fa": return try await module(request, try key(parts), access)
        case "s": return try await state(request, parts, access)
        case "file" where parts.count == 1: return try await file(request, access)
        default:
            throw Failure(.badRequest, "Unrecognised \(request.method) request to \(parts.joined(separator: "/"))")
        }
    }

    private func key(_ parts: [String]) throws -> FunctionKey {
        guard parts.count == 3 else { throw Self.badPath(parts) }
        return try Self.key(parts[1], parts[2])
    }

    static func badPath(_ parts: [String]) -> Failure {
        Failure(.badRequest, "Bad URL, expected single path part \(parts.joined(separator: "/"))")
    }

    /// The source of a Python function.
    func python(_ request: Request, _ key: FunctionKey, _ access: Access) async throws -> Response {
        switch request.method {
        case .put:
            try access.require(.deploy)
            try access.requireChangeable(key)
            let bytes = try await request.body.collect(upTo: configuration.maximumSourceBytes)
            guard let source = String(validating: bytes.readableBytesView, as: UTF8.self) else {
                throw Failure(.badRequest, "The source is not UTF-8.")
            }
            // In the query, for the body is the source alone.
            let requirements = request.uri.queryParameters["requirements"].map(String.init)
            try await platform.put(
                FunctionDraft(
                    key: key, face: .faasm, source: source, requirements: requirements, limits: configuration.limits))
            try await platform.audit.note(access, "function.update", "\(key)")
            return Reply.bytes([])
        case .get:
            try access.require(.read)
            try access.requireVisible(key)
            return Reply.bytes(Array(try await platform.function(key).source.utf8))
        default:
            try access.require(.deploy)
            try access.requireChangeable(key)
            _ = try await platform.delete(key)
            try await platform.audit.note(access, "function.delete", "\(key)")
            return Response(status: .noContent)
        }
    }

    /// A WebAssembly module that is a function.
    private func module(_ request: Request, _ key: FunctionKey, _ access: Access) async throws -> Response {
        if request.method == .delete { return try await python(request, key, access) }
        if request.method == .put {
            try access.require(.deploy)
            try access.requireChangeable(key)
            // Faasm's Python runtime, which is built in.
            if key.namespace.rawValue == Self.usualUser, key.name.rawValue == "py_func" {
                _ = try await request.body.collect(upTo: configuration.maximumModuleBytes)
                return Reply.text(Self.uploaded)
            }
        }
        guard let modules = parts.modules else { throw Failure.missing("Functions that are WebAssembly modules") }
        if request.method == .put {
            let bytes = try await request.body.collect(upTo: configuration.maximumModuleBytes)
            let warning = try await modules.put(Array(bytes.readableBytesView), as: key)
            try await platform.audit.note(access, "function.update", "\(key)")
            var response = Reply.text(Self.uploaded)
            response.headers[Self.warning] = warning
            return response
        }
        try access.require(.read)
        try access.requireVisible(key)
        guard let module = try await modules.module(of: key) else {
            throw Failure(.notFound, "There is no module of `\(key)`.")
        }
        return Reply.bytes(module)
    }

    private static let uploaded = "Function upload complete\n"
    private static let warning = HTTPField.Name("X-Swiftlet-Warning")!
}
