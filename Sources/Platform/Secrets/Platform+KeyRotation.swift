import Kernel
import Logging
import Model
import Storage

extension Platform {
    private static let resealedAtOnce = 200

    /// Encrypts all contexts with a new key and destroys the old one. Returns how many were encrypted anew. A crash leaves both
    /// keys on disk, and the next start goes on with it.
    public func rotateContextKey() async throws(PlatformError) -> Int {
        try await rotations.pass([0]) { () async throws(PlatformError) in
            try vault.beginRotation()
            return try await finishRotation()
        }
    }

    /// Goes on with a rotation that a crash broke off, or that the operator began in the key's file.
    public func resumeKeyRotation() async throws(PlatformError) {
        guard vault.hasOldKeys else { return }
        let count = try await rotations.pass([0]) { () async throws(PlatformError) in try await finishRotation() }
        logger.notice(
            "all contexts are encrypted with the current key; the old one is not needed any more",
            metadata: ["encrypted anew": "\(count)"])
    }

    private func finishRotation() async throws(PlatformError) -> Int {
        // A deploy under way may have sealed with the old key what it stores in a moment.
        await deploys.settled()
        var (count, last) = (0, SealedContext?.none)
        while true {
            let after = last
            let page = try await PlatformError.storing {
                try await store.sealedContexts(after: after, limit: Self.resealedAtOnce)
            }
            guard let end = page.last else { break }
            last = end
            let changes = page.compactMap(resealed)
            try await PlatformError.storing { try await store.replace(changes) }
            count += changes.count
        }
        count += try await secrets.reseal()
        try vault.endRotation()
        return count
    }

    private func resealed(_ old: SealedContext) -> (old: SealedContext, new: [UInt8])? {
        do throws(PlatformError) {
            return try vault.reseal(old.bytes, function: old.function, version: old.version).map { (old, $0) }
        } catch {
            // No key opens it: it is lost already.
            logger.error(
                "a context cannot be decrypted", metadata: ["function": "\(old.function)", "version": "\(old.version)"])
            return nil
        }
    }
}
