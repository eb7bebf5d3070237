import GRDB
import Storage

extension StorageError {
    static var closed: Self { Self(.unavailable, "The store is closed.") }

    /// Puts an error of SQLite in our words. Values of statements are left out: they may be secrets.
    init(_ error: any Error) {
        switch error {
        case let error as StorageError: self = error
        case let error as DatabaseError: self.init(error)
        case is CancellationError: self.init(.unavailable, "The request was cancelled before the store answered.")
        default: self.init(.corrupt, "The store holds something that this version cannot read: \(error).")
        }
    }

    private init(_ error: DatabaseError) {
        let reason = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(.unavailable, "The disk that holds the data folder is full: free some space. Nothing was stored.")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN:
            self.init(
                .unavailable, "The data folder cannot be written (\(reason)): check its owner and permissions.")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(.corrupt, "The database in the data folder is damaged (\(reason)): restore it from a backup.")
        case .SQLITE_CONSTRAINT:
            self.init(.conflict, "The change does not fit what is stored (\(reason)).")
        default:
            self.init(.unavailable, "The database did not take the request (\(reason)). Nothing was stored.")
        }
    }
}
