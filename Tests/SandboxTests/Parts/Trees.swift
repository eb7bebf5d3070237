import SandboxTesting

@testable import Sandbox

/// Read-only trees for tests.
enum Trees {
    static func small() throws -> FileTree {
        let archive = StoredZip([
            ("json/__init__.py", Array("x = 1".utf8)), ("json/", []), ("readable", Array("content".utf8)),
        ])
        return try FileTree(storedZip: MemoryFile.make(archive.encoded), mountPoint: "lib", empty: ["tmp", "function"])
    }
}
