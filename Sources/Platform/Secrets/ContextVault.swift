import Crypto
import Model
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Encrypts contexts for the store and decrypts them for calls: AES-256-GCM, bound to the function and version.
public final class ContextVault: Sendable {
    /// The file in the data folder that holds the key.
    public static let keyFileName = "context.key"

    /// The first byte of what is stored, so that another way of sealing can be told from this one.
    private static let format: UInt8 = 1

    private struct Keys {
        /// The first one seals; the others only open what was sealed before a rotation.
        var keys: [SymmetricKey]
        /// Opens what was read just before a rotation ended; in no file, and gone with the process.
        var retired: SymmetricKey?

        var all: [SymmetricKey] { keys + [retired].compactMap(\.self) }
    }

    /// The server's own file, which it may write.
    private let file: SecretFile
    private let isGiven: Bool
    private let keys: Mutex<Keys>

    /// Opens the key in `folder`, and makes it at the first start; or takes the one in the operator's file `keyFile`.
    public init(folder: String, keyFile: String? = nil) throws(PlatformError) {
        file = SecretFile(path: "\(folder)/\(Self.keyFileName)")
        isGiven = keyFile != nil
        if let keyFile {
            // What was sealed with the server's own key is sealed anew before that goes.
            keys = Mutex(
                Keys(keys: try ContextKeys.given(SecretFile(path: keyFile)) + (try ContextKeys.existing(file))))
        } else {
            keys = Mutex(Keys(keys: try ContextKeys.own(file)))
        }
    }

    func seal(_ text: String, function: FunctionID, version: Int) throws(PlatformError) -> [UInt8] {
        try seal(Array(text.utf8), binding: Self.binding(function: function, version: version))
    }

    /// Encrypts something that opens only under the same `binding`.
    func seal(_ bytes: [UInt8], binding: [UInt8]) throws(PlatformError) -> [UInt8] {
        let key = keys.withLock { $0.keys[0] }
        do {
            let box = try AES.GCM.seal(bytes, using: key, authenticating: binding)
            // `combined` is nil only for nonces of another size than the default one.
            guard let combined = box.combined else { throw CryptoKitError.incorrectParameterSize }
            return [Self.format] + Array(combined)
        } catch {
            throw PlatformError(.internalFailure, "The secret could not be encrypted.", cause: error)
        }
    }

    func open(_ sealed: [UInt8], function: FunctionID, version: Int) throws(PlatformError) -> String {
        String(decoding: try open(sealed, binding: Self.binding(function: function, version: version)), as: UTF8.self)
    }

    func open(_ sealed: [UInt8], binding: [UInt8]) throws(PlatformError) -> [UInt8] {
        let keys = keys.withLock { $0.all }
        for key in keys { if let bytes = Self.open(sealed, key, binding) { return bytes } }
        throw PlatformError(
            .internalFailure,
            "What was encrypted cannot be decrypted with this server's `\(Self.keyFileName)`; restore the file "
                + "that it was encrypted with, or give the function its context, or the namespace its secret, anew.")
    }

    // MARK: Rotation

    /// Whether there is more than the current key: something may be sealed with an old one.
    var hasOldKeys: Bool { keys.withLock { $0.keys.count > 1 } }

    /// Makes a new key, which seals from now on. Both are on disk when this returns.
    func beginRotation() throws(PlatformError) {
        guard !isGiven else {
            throw PlatformError(
                .conflict,
                "The key of contexts is in a file of yours (--context-key-file): put the new key above the old one in it and "
                    + "start the server again; it encrypts all contexts anew, and then the old line can be removed.")
        }
        // A rotation that was begun is gone on with.
        guard !hasOldKeys else { return }
        try keys.withLock { keys throws(PlatformError) in
            let changed = [SymmetricKey(size: .bits256)] + keys.keys
            try file.replace(ContextKeys.bytes(of: changed))
            keys.keys = changed
        }
    }

    /// The text sealed with the current key; nil where it is already.
    func reseal(_ sealed: [UInt8], function: FunctionID, version: Int) throws(PlatformError) -> [UInt8]? {
        try reseal(sealed, binding: Self.binding(function: function, version: version))
    }

    func reseal(_ sealed: [UInt8], binding: [UInt8]) throws(PlatformError) -> [UInt8]? {
        let current = keys.withLock { $0.keys[0] }
        if Self.open(sealed, current, binding) != nil { return nil }
        return try seal(try open(sealed, binding: binding), binding: binding)
    }

    /// Destroys the old keys on disk.
    func endRotation() throws(PlatformError) {
        try keys.withLock { keys throws(PlatformError) in
            guard keys.keys.count > 1 else { return }
            if isGiven { try file.remove() } else { try file.replace(ContextKeys.bytes(of: [keys.keys[0]])) }
            keys = Keys(keys: [keys.keys[0]], retired: keys.keys[1])
        }
    }

    // MARK: Parts

    private static func open(_ sealed: [UInt8], _ key: SymmetricKey, _ binding: [UInt8]) -> [UInt8]? {
        guard sealed.first == format, let box = try? AES.GCM.SealedBox(combined: sealed.dropFirst()),
            let bytes = try? AES.GCM.open(box, using: key, authenticating: binding)
        else { return nil }
        return Array(bytes)
    }

    /// What a sealed text belongs to: moved to another function or version it does not open.
    private static func binding(function: FunctionID, version: Int) -> [UInt8] {
        Array("swiftlet context \(function) \(version)".utf8)
    }
}
