internal import Crypto
internal import FoundationEssentials
internal import Model

/// The interpreter's files, and what images and compiled code go by.
struct GuestFiles: Sendable {
    let modulePath: String
    let libraryPath: String
    /// SHA-256 of the interpreter alone, which is all that compiled code is made from.
    let moduleHash: String
    /// What images go by: SHA-256 over the hashes of the files, 64 hexadecimal digits.
    let identity: String

    private struct Manifest: Decodable {
        struct File: Decodable { let sha256: String }
        let files: [String: File]
    }

    /// Reads the manifest that the build of the interpreter wrote.
    init(folder: String) throws(WorkerError) {
        modulePath = folder + "/python.wasm"
        libraryPath = folder + "/stdlib.zip"
        let path = folder + "/manifest.json"
        guard let bytes = try? Data(contentsOf: URL(filePath: path)),
            let manifest = try? JSONDecoder().decode(Manifest.self, from: bytes),
            let module = manifest.files["python.wasm"], let library = manifest.files["stdlib.zip"]
        else {
            throw WorkerError(
                "the interpreter's files are not in \(folder): build them with `make deps`, or set SWIFTLET_SHARE")
        }
        moduleHash = module.sha256
        identity = Hexadecimal.text(SHA256.hash(data: Data("\(module.sha256) \(library.sha256)".utf8)))
    }
}
