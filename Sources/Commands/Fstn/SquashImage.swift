import Client
import Glibc
import Packages

/// Writes SquashFS images, by Debian's program `mksquashfs`.
enum SquashImage {
    private static let program = "mksquashfs"

    /// Whether the program is there.
    static var isAvailable: Bool {
        (ClientEnvironment.current["PATH"] ?? "/usr/bin:/bin").split(separator: ":").contains {
            access("\($0)/\(program)", X_OK) == 0
        }
    }

    /// Writes an image of a tree. `mode` gives the permissions of a path; those of the root are 0555. Equal trees come to equal
    /// images.
    static func write(
        _ tree: PackageTree, to path: String, mode: (String) -> mode_t?
    ) throws(ClientError) {
        guard isAvailable else {
            throw .local(
                "`\(program)` is missing: install Debian's squashfs-tools (apt-get install squashfs-tools), or write a zip "
                    + "archive with -o NAME.zip.")
        }
        let scratch = try ScratchFolder()
        let root = "\(scratch.path)/root"
        guard mkdir(root, 0o700) == 0 else { throw failure(root) }
        for folder in tree.folders.sorted() {
            guard mkdir("\(root)/\(folder)", 0o700) == 0 else { throw failure(folder) }
        }
        for (name, content) in tree.files {
            try SourceFile.write(content, to: "\(root)/\(name)")
            guard chmod("\(root)/\(name)", mode(name) ?? 0o644) == 0 else { throw failure(name) }
        }
        for folder in tree.folders {
            // Searchable by this process until the image is written.
            guard chmod("\(root)/\(folder)", (mode(folder) ?? 0o755) | 0o700) == 0 else { throw failure(folder) }
        }
        guard chmod(root, 0o555) == 0 else { throw failure(root) }
        let image = "\(scratch.path)/image"
        let log = "\(scratch.path)/log"
        let words = [
            program, root, image, "-all-root", "-noappend", "-no-progress", "-no-xattrs", "-quiet", "-mkfs-time", "0",
            "-all-time", "0",
        ]
        guard run(words, log: log) == 0 else {
            throw .local("`\(program)` failed: \((try? SourceFile.read(log)) ?? "it did not start")")
        }
        chmod(root, 0o700)
        try SourceFile.copy(image, to: path)
    }

    private static func failure(_ path: String) -> ClientError {
        .local("`\(path)` cannot be copied: \(String(cString: strerror(errno)))")
    }

    /// The exit status; nil where the program could not be started.
    private static func run(_ words: [String], log: String) -> Int32? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        guard posix_spawnp(&process, words[0], &actions, nil, arguments, environ) == 0 else { return nil }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 { guard errno == EINTR else { return nil } }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }
}
