internal import FoundationEssentials

/// What an operator has set up for all functions: lines of requirements, in `FOLDER/shared-requirements.txt`.
public struct SharedRequirements: Sendable {
    private let folder: String
    private var path: String { "\(folder)/shared-requirements.txt" }

    /// The folder is there already: that of a ``PackageStore``.
    public init(folder: String) { self.folder = folder }

    /// What was set up last; nothing where nothing ever was.
    public func read() throws(PackageError) -> Requirements {
        guard let bytes = FileManager.default.contents(atPath: path) else { return try Requirements(parsing: "") }
        return try Requirements(parsing: String(decoding: bytes, as: UTF8.self))
    }

    /// Replaces what was set up. It is on disk when this returns.
    public func write(_ requirements: Requirements) throws(PackageError) {
        try DurableFile.write(Array(requirements.text.utf8), to: path, in: folder)
    }
}

extension Requirements {
    /// One line for each distribution.
    public var text: String { lines.map { $0.text + "\n" }.joined() }

    /// These, and of `others` those distributions that are not named here.
    public func adding(_ others: Requirements) -> Requirements {
        let own = Set(lines.map { Self.normalised($0.name) })
        var result = self
        result.lines += others.lines.filter { !own.contains(Self.normalised($0.name)) }
        return result
    }

    /// These without a distribution; nil where it is not named.
    public func removing(_ name: String) -> Requirements? {
        var result = self
        result.lines.removeAll { Self.normalised($0.name) == Self.normalised(name) }
        return result.lines.count == lines.count ? nil : result
    }
}
