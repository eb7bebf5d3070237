import Model
import Platform

extension PackageUse {
    /// Writes the members `package`, the hash of the user's own files, and `locked`, the distributions that the requirements were
    /// resolved to; neither where there is none.
    func write(into writer: inout JSONWriter) {
        if let own { writer.member("package", own.rawValue) }
        guard !lock.isEmpty else { return }
        writer.key("locked")
        writer.distributions(lock)
    }
}
