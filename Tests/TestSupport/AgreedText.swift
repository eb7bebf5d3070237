public import Foundation

/// A text that somebody has looked at and agreed on, in a file beside its test.
public struct AgreedText {
    public static let advice =
        "Run with SWIFTLET_UPDATE_SNAPSHOTS=1 to accept the new text, and look at the difference."

    private let file: URL

    public init(_ file: URL) { self.file = file }

    /// What is agreed on; with SWIFTLET_UPDATE_SNAPSHOTS in the environment, `text` from now on.
    public func text(insteadOf text: String) throws -> String {
        if ProcessInfo.processInfo.environment["SWIFTLET_UPDATE_SNAPSHOTS"] != nil {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        return try String(contentsOf: file, encoding: .utf8)
    }
}
