import Crypto
import CryptoExtras
import Dispatch
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Turns passwords into what is stored, and checks them against that: scrypt, one at a time, on a thread of its own.
final class PasswordHasher: Sendable {
    static let maximumWaiting = 64
    private static let saltBytes = 16
    private static let keyBytes = 32
    private static let blockSize = 8

    private let rounds: Int
    private let queue = DispatchQueue(label: "swiftlet.passwords")
    private let waiting = Mutex(0)

    /// `rounds`: a power of two; with 2^15 a check takes 32 MiB and some 80 ms.
    init(rounds: Int) { self.rounds = rounds }

    /// What to store for a password: `$scrypt$rounds$salt$key`, the last two in base64.
    func hash(_ password: String) async throws(PlatformError) -> String {
        var generator = SystemRandomNumberGenerator()
        let salt = Data((0..<Self.saltBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        let rounds = rounds
        let key = try await derive(password, salt, rounds)
        return "$scrypt$\(rounds)$\(salt.base64EncodedString())$\(key.base64EncodedString())"
    }

    /// Whether a password is the one that was stored. Where nothing is stored it takes as long to say no.
    func check(_ password: String, against stored: String?) async throws(PlatformError) -> Bool {
        let parts = (stored ?? "").split(separator: "$")
        guard parts.count == 4, parts[0] == "scrypt", let rounds = Int(parts[1]),
            let salt = Data(base64Encoded: String(parts[2])),
            let key = Data(base64Encoded: String(parts[3]))
        else {
            _ = try await derive(password, Data(count: Self.saltBytes), rounds)
            return false
        }
        let derived = try await derive(password, salt, rounds)
        // Codes of an own key for both: comparing those takes the same time whatever they are.
        let own = SymmetricKey(size: .bits256)
        return HMAC<SHA256>.isValidAuthenticationCode(
            HMAC<SHA256>.authenticationCode(for: derived, using: own), authenticating: key, using: own)
    }

    private func derive(_ password: String, _ salt: Data, _ rounds: Int) async throws(PlatformError) -> Data {
        let isFull = waiting.withLock { waiting in
            if waiting >= Self.maximumWaiting { return true }
            waiting += 1
            return false
        }
        if isFull {
            throw PlatformError(.rateLimited, "Too many sign-ins at one time; try again.", retryAfterSeconds: 5)
        }
        let result: Result<Data, any Error> = await withCheckedContinuation { continuation in
            queue.async {
                let result = Result {
                    try KDF.Scrypt.deriveKey(
                        from: Data(password.utf8), salt: salt, outputByteCount: Self.keyBytes, rounds: rounds,
                        blockSize: Self.blockSize, parallelism: 1
                    ).withUnsafeBytes { Data($0) }
                }
                self.waiting.withLock { $0 -= 1 }
                continuation.resume(returning: result)
            }
        }
        do { return try result.get() } catch {
            throw PlatformError(.internalFailure, "The password could not be checked.", cause: error)
        }
    }
}
