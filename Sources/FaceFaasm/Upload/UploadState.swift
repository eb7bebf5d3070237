import HTTPTypes
import Hummingbird
import Model
import Platform
import Storage

/// The state that functions of a tenant share.
extension FaasmFace {
    /// `/s/USER/KEY`: a value; `GET /s/USER`: the keys.
    func state(_ request: Request, _ parts: [String], _ access: Access) async throws -> Response {
        guard parts.count == 3 || (parts.count == 2 && request.method == .get) else { throw Self.badPath(parts) }
        let tenant = try Namespace(parts[1])
        try require(request.method == .get ? .read : .deploy, tenant, access)
        guard let state = self.parts.state else { throw Failure.missing("State") }
        guard parts.count == 3 else {
            let keys = try await state.keys(of: tenant)
            return Reply.bytes(Self.list(keys), type: "application/json")
        }
        let key = parts[2]
        guard (1...512).contains(key.utf8.count), !key.utf8.contains(0) else {
            throw Failure(.badRequest, "A key has 1 to 512 bytes, and no NUL.")
        }
        switch request.method {
        case .put:
            let bytes = try await request.body.collect(upTo: configuration.maximumStateBytes)
            if bytes.readableBytes > 0 { try await state.set(key, to: Array(bytes.readableBytesView), of: tenant) }
            return Reply.bytes([])
        case .get:
            guard let value = try await state.value(key, of: tenant), !value.isEmpty else {
                throw Failure(.notFound, "Empty response")
            }
            return Reply.bytes(value)
        default:
            guard try await state.delete(key, of: tenant) else { throw Failure(.notFound, "Empty response") }
            return Response(status: .noContent)
        }
    }

    /// Refuses what is of a tenant that the account is not for, whole.
    func require(_ scope: TokenScope, _ tenant: Namespace, _ access: Access) throws {
        try access.require(scope)
        try access.requireAll(of: tenant)
    }

    static func list(_ texts: [String]) -> [UInt8] {
        var writer = JSONWriter()
        writer.array { writer in for text in texts { writer.string(text) } }
        return writer.bytes
    }
}
