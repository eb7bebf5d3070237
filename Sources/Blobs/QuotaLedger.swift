import Synchronization

/// How many bytes every owner keeps, and how many more are being written: the sum must stay below a bound.
public final class QuotaLedger: Sendable {
    private struct Account {
        var stored = 0
        var reserved = 0
    }

    /// Bytes that one owner may keep.
    public let maximumBytesPerOwner: Int
    private let accounts = Mutex<[String: Account]>([:])

    public init(maximumBytesPerOwner: Int) { self.maximumBytesPerOwner = maximumBytesPerOwner }

    /// Takes over what a store says that it keeps: at the start, and after a collection.
    public func replaceStored(by usage: [String: Int]) {
        accounts.withLock { accounts in
            accounts = accounts.filter { $0.value.reserved > 0 }
            for owner in accounts.keys { accounts[owner]?.stored = 0 }
            for (owner, bytes) in usage { accounts[owner, default: Account()].stored = bytes }
        }
    }

    /// Bytes that `owner` keeps or is about to.
    public func used(by owner: String) -> Int { accounts.withLock { $0[owner].map { $0.stored + $0.reserved } ?? 0 } }

    /// Room for so many bytes, until the reservation goes; nil where the owner has less left.
    public func reserve(_ bytes: Int, for owner: String) -> Reservation? {
        let reservation = Reservation(self, owner)
        return reservation.grow(by: bytes) ? reservation : nil
    }

    fileprivate func reserve(_ bytes: Int, _ owner: String) -> Bool {
        accounts.withLock { accounts in
            let account = accounts[owner] ?? Account()
            // Who has too much already may still put less in the place of more.
            guard bytes == 0 || bytes <= maximumBytesPerOwner - account.stored - account.reserved else { return false }
            accounts[owner, default: Account()].reserved += bytes
            return true
        }
    }

    fileprivate func settle(_ bytes: Int, _ owner: String, storing stored: Int) {
        accounts.withLock { accounts in
            accounts[owner, default: Account()].reserved -= bytes
            accounts[owner, default: Account()].stored += stored
            if let account = accounts[owner], account.reserved == 0, account.stored <= 0 { accounts[owner] = nil }
        }
    }
}

/// Bytes that are set aside for an owner. What is not committed is given back when the reservation goes.
public final class Reservation: Sendable {
    private let ledger: QuotaLedger
    private let owner: String
    private let bytes = Mutex(0)

    fileprivate init(_ ledger: QuotaLedger, _ owner: String) {
        self.ledger = ledger
        self.owner = owner
    }

    deinit { settle(storing: 0) }

    /// False where the owner has less left.
    public func grow(by more: Int) -> Bool {
        bytes.withLock { bytes in
            guard ledger.reserve(more, owner) else { return false }
            bytes += more
            return true
        }
    }

    /// How many bytes are set aside for this owner: none where they are another's, or kept by now.
    public func bytes(for owner: String) -> Int { self.owner == owner ? bytes.withLock { $0 } : 0 }

    /// The bytes are kept from now on, in place of `replaced` others; once, later calls do nothing.
    public func commit(replacing replaced: Int = 0) {
        bytes.withLock { bytes in
            guard bytes > 0 || replaced > 0 else { return }
            ledger.settle(bytes, owner, storing: bytes - replaced)
            bytes = 0
        }
    }

    private func settle(storing stored: Int) {
        bytes.withLock { bytes in
            if bytes > 0 { ledger.settle(bytes, owner, storing: stored) }
            bytes = 0
        }
    }
}
