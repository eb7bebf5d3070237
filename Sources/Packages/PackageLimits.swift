/// How large a package may be. Archives come from anybody, so every number that one can name has a bound.
public struct PackageLimits: Sendable {
    /// Bytes of an archive as it is sent.
    public var maximumArchiveBytes = 64 << 20
    /// Bytes of all files, unpacked.
    public var maximumBytes = 64 << 20
    /// Bytes of one file, unpacked.
    public var maximumFileBytes = 32 << 20
    /// Files and folders.
    public var maximumEntries = 20_000
    /// Folders inside each other.
    public var maximumDepth = 32
    /// UTF-8 bytes of a whole path.
    public var maximumPathBytes = 1024
    /// How many times its own size an archive may have when unpacked, where it is larger than `smallBytes` then.
    public var maximumRatio = 200
    /// Unpacked bytes that look at no ratio.
    public var smallBytes = 4 << 20

    public init() {}

    /// The limits for what comes out of an archive of so many bytes.
    func unpacked(from archiveBytes: Int) throws(PackageError) -> PackageLimits {
        guard archiveBytes <= maximumArchiveBytes else {
            throw PackageError(
                .tooLarge,
                "The archive has \(archiveBytes) bytes, but may have \(maximumArchiveBytes) (`maximumArchiveBytes`).")
        }
        var limits = self
        limits.maximumBytes = min(maximumBytes, max(smallBytes, archiveBytes * maximumRatio))
        return limits
    }
}
