import Crypto
import Model

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Encrypts contexts for the store and decrypts them for calls: AES-256-GCM, bound to the function and version.
public struct ContextVault: Sendable {
    /// The file in the data folder that holds the key.
    public static let keyFileName = "context.key"

    private static let keyBytes = 32
    /// The first byte of what is stored, so that another way of sealing can be told from this one.
    private static let format: UInt8 = 1

    private let key: SymmetricKey

    init(key: SymmetricKey) { self.key = key }

    /// Opens the key in `folder`, and makes it at the first start.
    public init(folder: String) throws(PlatformError) {
        let path = "\(folder)/\(Self.keyFileName)"
        let bytes = try SecretFile(path: path).readOrCreate {
            SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        }
        guard bytes.count == Self.keyBytes else {
            throw PlatformError(
                .internalFailure,
                "`\(path)` holds \(bytes.count) bytes, but a key has \(Self.keyBytes); restore the file.")
        }
        key = SymmetricKey(data: bytes)
    }

    func seal(_ text: String, function: FunctionID, version: Int) throws(PlatformError) -> [UInt8] {
        do {
            let box = try AES.GCM.seal(
                Array(text.utf8), using: key, authenticating: Self.binding(function: function, version: version))
            // `combined` is nil only for nonces of another size than the default one.
            guard let combined = box.combined else { throw CryptoKitError.incorrectParameterSize }
            return [Self.format] + Array(combined)
        } catch {
            throw PlatformError(.internalFailure, "The context could not be encrypted.", cause: error)
        }
    }

    func open(_ sealed: [UInt8], function: FunctionID, version: Int) throws(PlatformError) -> String {
        do {
            guard sealed.first == Self.format else { throw CryptoKitError.incorrectParameterSize }
            let box = try AES.GCM.SealedBox(combined: sealed.dropFirst())
            let text = try AES.GCM.open(
                box, using: key, authenticating: Self.binding(function: function, version: version))
            return String(decoding: text, as: UTF8.self)
        } catch {
            throw PlatformError(
                .internalFailure,
                "The function's context cannot be decrypted with this server's `\(Self.keyFileName)`; restore the file "
                    + "that it was encrypted with, or give the function its context anew.", cause: error)
        }
    }

    /// What a sealed text belongs to: moved to another function or version it does not open.
    private static func binding(function: FunctionID, version: Int) -> [UInt8] {
        Array("swiftlet context \(function) \(version)".utf8)
    }
}
