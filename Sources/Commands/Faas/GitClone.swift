import Client
import Glibc

/// Copies of others' repositories.
enum GitClone {
    /// Clones `ADDRESS` or `ADDRESS#BRANCH`, hands the folder to `body`, and removes it afterwards.
    static func with<Result>(_ repository: String, _ body: (String) throws -> Result) throws -> Result {
        let parts = repository.split(separator: "#", maxSplits: 1).map(String.init)
        var name = Array("\(ClientEnvironment.current["TMPDIR"] ?? "/tmp")/faas-template-XXXXXX".utf8CString)
        guard let made = mkdtemp(&name) else { throw ClientError.local("No temporary folder can be made.") }
        let folder = String(cString: made)
        defer { try? SourceFolder.remove(folder) }
        var words = ["git", "clone", "--quiet", "--depth=1"]
        if parts.count == 2 { words.append("--branch=\(parts[1])") }
        guard let address = parts.first, try run(words + ["--", address, "\(folder)/clone"]) == 0 else {
            throw ClientError.local("`git` could not clone `\(repository)`.")
        }
        return try body("\(folder)/clone")
    }

    /// Runs a program of the path, with this process's surroundings, and returns its exit code.
    private static func run(_ words: [String]) throws(ClientError) -> Int32 {
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        guard posix_spawnp(&child, words[0], nil, nil, &arguments, environ) == 0 else {
            throw .local("`\(words[0])` is not installed.")
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
    }
}
