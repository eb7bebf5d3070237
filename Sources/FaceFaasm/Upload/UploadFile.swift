import HTTPTypes
import Hummingbird
import Model
import Platform
import Storage

/// The files that functions of a tenant share.
extension FaasmFace {
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
        guard let files = platform.files else { throw Failure.missing("Shared files") }
        let shared = try SharedPath(path)
        switch request.method {
        case .put:
            let writer = try files.begin(for: tenant)
            for try await piece in request.body { try await writer.append(piece.readableBytesView) }
            try await files.finish(writer, as: shared)
            return Reply.bytes([])
        case .get:
            switch files.find(shared, of: tenant) {
            case .file(let file): return Self.content(of: file, files, tenant)
            case .folder: return Reply.text("IS_DIR")
            case nil: throw Failure(.notFound, "There is no shared file `\(path)`.")
            }
        default:
            guard try await files.delete(shared, of: tenant) else {
                throw Failure(.notFound, "There is no shared file `\(path)`.")
            }
            return Response(status: .noContent)
        }
    }

    /// Sends a file piece by piece, as it was when it was found.
    private static func content(of file: SharedFile, _ files: SharedFiles, _ tenant: Namespace) -> Response {
        let body = ResponseBody(contentLength: file.size) { writer in
            for offset in stride(from: 0, to: file.size, by: pieceBytes) {
                let piece = try files.read(file.content, at: offset, count: pieceBytes, of: tenant)
                try await writer.write(ByteBuffer(bytes: piece))
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "application/octet-stream"], body: body)
    }

    private static let pieceBytes = 1 << 20
    private static let filePath = HTTPField.Name("FilePath")!
}
