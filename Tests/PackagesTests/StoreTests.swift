import Foundation
import Testing

@testable import Packages

@Suite struct StoreTests {
    private func tree(_ text: String) throws -> PackageTree {
        var tree = PackageTree()
        try tree.add("workload.py", Array(text.utf8))
        return tree
    }

    @Test func `equal trees are stored once, under the hash of their archive`() throws {
        try inFolder { folder in
            let store = try PackageStore(folder: folder)
            let id = try store.store(tree("x"))
            #expect(try store.store(tree("x")) == id)
            #expect(try store.store(tree("y")) != id)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(names.count == 2 && names.contains("\(id).package"))
            let bytes = try #require(FileManager.default.contents(atPath: "\(folder)/\(id).package"))
            #expect(try PackageReader.read(Array(bytes)).text("workload.py") == "x")
        }
    }

    @Test func `a package that was damaged is not opened, and is stored anew`() throws {
        try inFolder { folder in
            let id = try PackageStore(folder: folder).store(tree("x"))
            try Data("damage".utf8).write(to: URL(filePath: "\(folder)/\(id).package"))
            let store = try PackageStore(folder: folder)
            #expect(store.open(id) == nil)
            #expect(try store.store(tree("x")) == id)
            #expect(store.open(id) != nil)
        }
    }

    @Test func `what is stored while a collection looks around is not collected`() async throws {
        try await withFolder { folder in
            let store = try PackageStore(folder: folder)
            let (old, kept) = (try store.store(tree("old")), try store.store(tree("kept")))
            for id in [old, kept] { store.release(id) }
            let count = try await store.collect {
                // Somebody deploys the old package again, just after its name was not found.
                _ = try store.store(tree("old"))
                store.release(old)
                return [kept]
            }
            #expect(count == 0 && store.open(old) != nil)
            #expect(await store.collect { [kept] } == 1)
            #expect(store.open(old) == nil && store.open(kept) != nil)
        }
    }

    @Test func `a folder is read without what is hidden, and its links are refused`() throws {
        try inFolder { folder in
            let files = FileManager.default
            for name in ["package", "__pycache__", ".git", "empty"] {
                try files.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
            }
            for name in ["main.py", "package/six.py", "__pycache__/main.pyc", ".git/config", ".hidden"] {
                try Data(name.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
            }
            let tree = try FolderReader.read(folder)
            #expect(
                tree.files.mapValues { String(decoding: $0, as: UTF8.self) } == [
                    "main.py": "main.py", "package/six.py": "package/six.py",
                ])
            #expect(tree.folders == ["package", "empty"])
            try files.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "/etc/passwd")
            let error = #expect(throws: PackageError.self) { try FolderReader.read(folder) }
            #expect(error?.message.contains("/link` is a link") == true)
        }
    }
}

/// Gives `body` a folder that goes away with it.
func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = try makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}

func inFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = try makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
}

private func makeFolder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "swiftlet-packages-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
}
