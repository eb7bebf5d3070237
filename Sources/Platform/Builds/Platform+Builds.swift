import Model
import Storage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Platform {
    /// Builds a handler, imports it in a sandbox, and stores it under its image's name in place of an older one.
    public func build(
        _ order: BuildOrder, log: @Sendable (String) -> Void
    ) async throws(PlatformError) -> BuiltImage {
        let isName =
            (1...255).contains(order.image.utf8.count) && order.image.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isName else {
            throw PlatformError(
                .invalidRequest, "An image's name must have 1 to 255 printable ASCII characters without blanks.")
        }
        let built = try await builder.build(order, at: time.now(), log: log)
        try check(source: built.source, requirements: nil, limits: nil)
        log("Importing the handler.")
        try await importOnce(built, order.face)
        let bytes: [UInt8]
        do { bytes = Array(try JSONEncoder().encode(built)) } catch { throw .storage(error) }
        try await PlatformError.storing { try await store.save([DocumentChange(.build, order.image, bytes)]) }
        return built
    }

    /// What was built under an image's name; nil where nothing was.
    public func built(_ image: String) async throws(PlatformError) -> BuiltImage? {
        try await PlatformError.storing {
            try await store.document(.build, image).map { try JSONDecoder().decode(BuiltImage.self, from: Data($0)) }
        }
    }

    /// Imports a module to see that it can be; what is left of that is forgotten.
    private func importOnce(_ built: BuiltImage, _ face: Face) async throws(PlatformError) {
        let name: FunctionName
        do throws(InvalidName) { name = try FunctionName("handler") } catch {
            throw PlatformError(.internalFailure, "The handler could not be imported.", cause: error)
        }
        let outcome = try await directory.prepare(
            PrepareRequest(
                name: name, face: face, entry: built.language, source: built.source, limits: configuration.limits))
        switch outcome.result {
        case .success(let image): sandbox.forget(image)
        case .failure(let fault): throw .code(fault)
        }
    }
}
