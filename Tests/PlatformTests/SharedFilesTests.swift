import Foundation
import Model
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite struct SharedFilesTests {
    private let store = MemoryStore()
    private let folder = FileManager.default.temporaryDirectory.appending(path: "swiftlet-\(UUID())").path()
    private let alice: Namespace
    private let bob: Namespace

    init() throws {
        alice = try Namespace("alice")
        bob = try Namespace("bob")
    }

    /// Opens files, runs `body`, and removes their folder.
    private func with(_ body: (SharedFiles) async throws -> Void) async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(try await SharedFiles(folder: folder, store: store))
    }

    private func put(_ path: String, _ text: String, _ files: SharedFiles, of tenant: Namespace) async throws {
        let writer = try files.begin(for: tenant)
        try await writer.append(Array(text.utf8))
        try await files.finish(writer, as: SharedPath(path))
    }

    private func text(_ path: String, _ files: SharedFiles, of tenant: Namespace) throws -> String? {
        guard case .file(let file) = files.find(try SharedPath(path), of: tenant) else { return nil }
        let bytes = try files.read(file.content, at: 0, count: .max, of: tenant)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a file is replaced as a whole and known after a restart`() async throws {
        try await with { files in
            try await put("a/b/c", "one", files, of: alice)
            try await put("a/b/c", "second", files, of: alice)
            #expect(try text("a/b/c", files, of: alice) == "second")
            #expect(try text("a/b/c", files, of: bob) == nil)
            #expect(files.list(nil, of: alice)?.map(\.name) == ["a"])
            #expect(files.list(try SharedPath("a/b"), of: alice)?.map(\.isFolder) == [false])
            #expect(files.list(try SharedPath("a/x"), of: alice) == nil)
            let again = try await SharedFiles(folder: folder, store: store)
            #expect(try text("a/b/c", again, of: alice) == "second")
            #expect(try await again.delete(SharedPath("a/b/c"), of: alice))
            #expect(try await !again.delete(SharedPath("a/b/c"), of: alice))
            #expect(again.find(try SharedPath("a/b"), of: alice) == nil, "folders go with their files")
        }
    }

    @Test func `content is for tenants that have it, for a while after it was replaced, too`() async throws {
        try await with { files in
            try await put("f", "secret", files, of: alice)
            guard case .file(let file) = files.find(try SharedPath("f"), of: alice) else { return }
            #expect(throws: PlatformError.self) { try files.read(file.content, at: 0, count: 9, of: bob) }
            try await put("f", "other", files, of: alice)
            try await files.collect()
            #expect(try files.read(file.content, at: 2, count: 3, of: alice) == Array("cre".utf8))
            // Nobody has it open after a restart.
            let again = try await SharedFiles(folder: folder, store: store)
            try await again.collect()
            #expect(throws: PlatformError.self) { try again.read(file.content, at: 0, count: 9, of: alice) }
            #expect(try text("f", again, of: alice) == "other")
        }
    }

    @Test func `a file is moved, also over another one`() async throws {
        try await with { files in
            try await put("from", "1", files, of: alice)
            try await put("in/to", "2", files, of: alice)
            #expect(try await files.move(SharedPath("from"), to: SharedPath("in/to"), of: alice))
            #expect(try text("in/to", files, of: alice) == "1")
            #expect(try text("from", files, of: alice) == nil)
            #expect(try await !files.move(SharedPath("from"), to: SharedPath("x"), of: alice))
            await #expect(throws: PlatformError.self) {
                _ = try await files.move(SharedPath("in/to"), to: SharedPath("in"), of: alice)
            }
        }
    }

    @Test(arguments: ["", "/a", "a//b", "a/", "..", "a/../b", ".", "a\0", "a\n", String(repeating: "x", count: 256)])
    func `paths that could lead elsewhere are none`(text: String) {
        #expect(throws: PlatformError.self) { try SharedPath(text) }
    }

    @Test func `paths are the same where their bytes are`() throws {
        #expect(try SharedPath("\u{E9}") != SharedPath("e\u{301}"))
        #expect(try SharedPath("a/b/c").folders == ["a", "a/b"])
    }
}
