import Model
import Packages
import Storage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Platform {
    /// Builds a handler: finds what its requirements come to, imports it in a sandbox, and stores it under its image's name in
    /// place of an older one.
    public func build(
        _ order: BuildOrder, log: @Sendable (String) -> Void
    ) async throws(PlatformError) -> BuiltImage {
        let isName =
            (1...255).contains(order.image.utf8.count) && order.image.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isName else {
            throw PlatformError(
                .invalidRequest, "An image's name must have 1 to 255 printable ASCII characters without blanks.")
        }
        let key: FunctionKey
        do throws(InvalidName) { key = FunctionKey(name: try FunctionName("handler")) } catch {
            throw PlatformError(.internalFailure, "The handler could not be imported.", cause: error)
        }
        let code = try HandlerCode(order.files)
        try check(source: code.source, of: .openfaas, requirements: code.requirements, limits: nil)
        if code.requirements.contains(where: { !$0.isWhitespace }) { log("Installing the requirements.") }
        let held = try await packages.take(files: code.files, requirements: code.requirements)
        defer { packages.release(held) }
        for each in held.lock { log("Installed \(each.name) \(each.version).") }
        log("Importing the handler.")
        let outcome = try await directory.prepare(
            PrepareRequest(
                key: key, face: order.face, entry: order.language, source: code.source, limits: configuration.limits,
                packages: held))
        switch outcome.result {
        // What is left of this import is forgotten: a deployment makes its own.
        case .success(let image): sandbox.forget(image)
        case .failure(let fault): throw .code(fault)
        }
        let built = BuiltImage(language: order.language, files: order.files, builtAt: time.now())
        let bytes: [UInt8]
        do { bytes = Array(try JSONEncoder().encode(built)) } catch { throw .storage(error) }
        try await PlatformError.storing {
            try await store.save([DocumentChange(.build, BuiltImage.fullName(order.image), bytes)])
        }
        return built
    }

    /// What was built under an image's name; nil where nothing was.
    public func built(_ image: String) async throws(PlatformError) -> BuiltImage? {
        try await PlatformError.storing {
            try await store.document(.build, BuiltImage.fullName(image)).map {
                try JSONDecoder().decode(BuiltImage.self, from: Data($0))
            }
        }
    }
}
