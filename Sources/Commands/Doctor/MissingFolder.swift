import Glibc

/// A folder that is not there yet.
enum MissingFolder {
    /// Whether this user can make it, and those above it that are missing.
    static func canBeMade(_ path: String) -> Bool {
        var parent = path[...]
        while access(String(parent), F_OK) != 0 {
            guard let slash = parent.lastIndex(of: "/") else { return access(".", W_OK | X_OK) == 0 }
            parent = slash == parent.startIndex ? "/" : parent[..<slash]
        }
        return access(String(parent), W_OK | X_OK) == 0
    }
}
