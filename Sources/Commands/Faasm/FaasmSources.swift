import Client
import FoundationEssentials

/// Where the sources and modules of functions are by custom, and their way to the server.
enum FaasmSources {
    static func python(_ user: String, _ function: String) -> String { "func/\(user)/\(function).py" }
    static func module(_ user: String, _ function: String) -> String { "wasm/\(user)/\(function)/function.wasm" }

    static func upload(
        _ user: String, _ function: String, _ path: String, _ kind: String, _ client: FaasmClient,
        requirements: String? = nil
    ) async throws(ClientError) {
        let warning = try await client.upload(
            kind, user, function, try SourceFile.bytes(path), requirements: try requirements.map(SourceFile.read))
        if let warning { Console.error("Warning: \(warning)") }
    }

    /// Uploads what is in the user's folder, by name.
    static func uploadAll(
        _ user: String, isPython: Bool, _ client: FaasmClient
    ) async throws(ClientError) -> (Outcome, Int32) {
        let folder = isPython ? "func/\(user)" : "wasm/\(user)"
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch {
            throw ClientError.local("There is no folder `\(folder)` here.")
        }
        let functions = names.compactMap { name in
            if !isPython { return name }
            return name.hasSuffix(".py") && !name.hasPrefix("__") ? String(name.dropLast(3)) : nil
        }
        for function in functions {
            let path = isPython ? python(user, function) : module(user, function)
            try await upload(user, function, path, isPython ? "p" : "f", client)
        }
        let list = functions.joined(separator: ", ")
        return (
            .text("Uploaded \(functions.count) of \(user): \(list)", json: .array(functions.map { .string($0) })), 0
        )
    }
}
