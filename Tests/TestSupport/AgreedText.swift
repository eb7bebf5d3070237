public import Foundation

/// A text that somebody has looked at and agreed on, in a file beside its test.
public struct AgreedText {
    public static let advice =
        "Run with SWIFTLET_UPDATE_SNAPSHOTS=1 to accept the new text, and look at the difference."

    /// How an answer over HTTP is told, without the length that its body shows.
    public static func reply(_ status: Int, _ headers: [(name: String, value: String)], _ body: String) -> String {
        let told = headers.filter { $0.name.lowercased() != "content-length" }.sorted { $0.name < $1.name }
            .map { "\($0.name): \($0.value)\n" }
        return "\(status)\n\(told.joined())" + (body.isEmpty ? "\n" : "\n\(body)\n\n")
    }

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
