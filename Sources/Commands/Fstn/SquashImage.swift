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
        defer { withExtendedLifetime(scratch) {} }
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
        guard OtherProgram.run(words, log: log) == 0 else {
            throw .local("`\(program)` failed: \((try? SourceFile.read(log)) ?? "it did not start")")
        }
        chmod(root, 0o700)
        try SourceFile.copy(image, to: path)
    }

    private static func failure(_ path: String) -> ClientError {
        .local("`\(path)` cannot be copied: \(String(cString: strerror(errno)))")
    }
}
