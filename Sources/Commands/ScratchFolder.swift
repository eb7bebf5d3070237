import Client
import FoundationEssentials
import Glibc

/// A folder of this user's only, which is gone with this value: who uses its path holds it (`withExtendedLifetime`).
final class ScratchFolder: Sendable {
    let path: String

    init() throws(ClientError) {
        let parent = ClientEnvironment.current["TMPDIR"] ?? "/tmp"
        var template = Array("\(parent)/swiftlet-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw .local("A folder in `\(parent)` cannot be made: \(String(cString: strerror(errno)))")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
