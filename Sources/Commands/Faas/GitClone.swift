import Client

/// Copies of others' repositories.
enum GitClone {
    /// Clones `ADDRESS` or `ADDRESS#BRANCH`, hands the folder to `body`, and removes it afterwards.
    static func with<Result>(_ repository: String, _ body: (String) throws -> Result) throws -> Result {
        let parts = repository.split(separator: "#", maxSplits: 1).map(String.init)
        let scratch = try ScratchFolder()
        defer { withExtendedLifetime(scratch) {} }
        let clone = "\(scratch.path)/clone"
        var words = ["git", "clone", "--quiet", "--depth=1"]
        if parts.count == 2 { words.append("--branch=\(parts[1])") }
        guard let address = parts.first else { throw Self.failure(repository) }
        guard let code = OtherProgram.run(words + ["--", address, clone]) else {
            throw ClientError.local("`git` is not installed.")
        }
        guard code == 0 else { throw Self.failure(repository) }
        return try body(clone)
    }

    private static func failure(_ repository: String) -> ClientError {
        .local("`git` could not clone `\(repository)`.")
    }
}
