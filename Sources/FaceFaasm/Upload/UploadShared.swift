import HTTPTypes
import Hummingbird
import Model
import Platform
import Storage

/// What functions of a tenant share: state and files.
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

    /// `/file`: the shared file that the header names, of the tenant that `?user=` names.
    func file(_ request: Request, _ access: Access) async throws -> Response {
        guard let path = request.headers[Self.filePath], !path.isEmpty else {
            throw Failure(.badRequest, "Bad request, expected file path header FilePath")
        }
        // The source of a function is where its calls find it.
        let words = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if words.count == 4, words[0] == "pyfuncs", words[3] == "function.py" {
            return try await python(request, try Self.key(words[1], words[2]), access)
        }
        let tenant = try Namespace(request.uri.queryParameters["user"].map(String.init) ?? Self.usualUser)
        try require(request.method == .get ? .read : .deploy, tenant, access)
        guard let files = parts.files else { throw Failure.missing("Shared files") }
        switch request.method {
        case .put:
            let bytes = try await request.body.collect(upTo: configuration.maximumFileBytes)
            try await files.write(path, Array(bytes.readableBytesView), of: tenant)
            return Reply.bytes([])
        case .get:
            switch try await files.read(path, of: tenant) {
            case .file(let bytes): return Reply.bytes(bytes)
            case .folder: return Reply.text("IS_DIR")
            case nil: throw Failure(.notFound, "There is no shared file `\(path)`.")
            }
        default:
            guard try await files.delete(path, of: tenant) else {
                throw Failure(.notFound, "There is no shared file `\(path)`.")
            }
            return Response(status: .noContent)
        }
    }

    /// Refuses what is of a tenant that the account is not for, whole.
    private func require(_ scope: TokenScope, _ tenant: Namespace, _ access: Access) throws {
        try access.require(scope)
        try access.requireAll(of: tenant)
    }

    private static func list(_ texts: [String]) -> [UInt8] {
        var writer = JSONWriter()
        writer.array { writer in for text in texts { writer.string(text) } }
        return writer.bytes
    }

    private static let filePath = HTTPField.Name("FilePath")!
}
