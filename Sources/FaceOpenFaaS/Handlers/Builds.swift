import Crypto
import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Platform
import Storage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Builds of handlers that come as an archive.
extension OpenFaaSFace {
    private static let signature = HTTPField.Name("X-Build-Signature")!

    func build(_ request: Request) async throws -> Response {
        let isSigned = request.headers[Self.signature] != nil && configuration.payloadSecret != nil
        // Who sends no signature must be known before the server takes its bytes.
        var access = Access.builder
        if !isSigned {
            access = try await platform.signIn(authorization: request.headers[.authorization])
            try access.require(.deploy)
        }
        let buffer = try await request.body.collect(upTo: configuration.maximumBuildBytes)
        let archive = Array(buffer.readableBytesView)
        if isSigned, !isValid(request.headers[Self.signature] ?? "", of: archive) {
            throw Refusal.invalidCredentials
        }
        let parcel = try BuildParcel(archive)
        guard request.headers[.accept]?.contains("application/x-ndjson") == true else {
            let log = BuildLog()
            let last = await build(parcel, access) { log.add($0) }
            return try Reply.json(
                BuildProgress(log: log.lines + last.log, image: last.image, status: last.status, error: last.error))
        }
        let body = ResponseBody { [access] writer in
            let (steps, feed) = AsyncStream.makeStream(of: BuildProgress.self)
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    let last = await build(parcel, access) { line in
                        feed.yield(BuildProgress(log: [line], image: parcel.image, status: .inProgress))
                    }
                    feed.yield(last)
                    feed.finish()
                }
                for await step in steps {
                    guard let bytes = try? Reply.bytes(step) else { continue }
                    try? await writer.write(ByteBuffer(bytes: bytes + [UInt8(ascii: "\n")]))
                }
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
    }

    /// Builds, and says how it ended. A build that fails is an answer, not an error.
    private func build(
        _ parcel: BuildParcel, _ access: Access, log: @escaping @Sendable (String) -> Void
    ) async -> BuildProgress {
        do {
            let order = try parcel.order()
            for note in parcel.notes { log(note) }
            log("Building \(parcel.image) (\(order.language)).")
            _ = try await platform.build(order, log: log)
            try await platform.audit.note(access, "image.build", parcel.image)
            return BuildProgress(log: ["Stored \(parcel.image)."], image: parcel.image, status: .success)
        } catch {
            let traceback = (error as? PlatformError)?.fault?.traceback.map(Self.cut)
            let message = Refusal(error).text
            return BuildProgress(
                log: traceback.map { [$0] } ?? [], image: parcel.image, status: .failed, error: Self.cut(message))
        }
    }

    /// Clients stop to read at lines of 64 KB.
    private static func cut(_ text: String) -> String {
        text.utf8.count <= 16_000 ? text : String(text.prefix(8000)) + " …"
    }

    private func isValid(_ header: String, of bytes: [UInt8]) -> Bool {
        guard let secret = configuration.payloadSecret, header.hasPrefix("sha256="),
            let code = Hexadecimal.bytes(header.dropFirst(7))
        else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: bytes, using: SymmetricKey(data: secret))
    }
}
