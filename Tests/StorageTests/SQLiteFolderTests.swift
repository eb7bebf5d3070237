import Foundation
import GRDB
import Model
import Storage
import Testing

@testable import StorageSQLite

@Suite struct SQLiteFolderTests {
    @Test func `what was acknowledged is there after the folder is opened again`() async throws {
        try await withFolder { folder in
            var samples = Samples()
            let function = try samples.function("hello")
            let version = samples.version(1, of: function, image: Samples.image("a"))
            let token = Token(id: samples.id(), name: "t", hash: [1], scopes: [.run, .read], createdAt: samples.now)
            let (first, second, ended) = (try samples.queued(), try samples.queued(), try samples.ended())
            let store = try SQLiteStore.open(folder: folder)
            try await store.create(function, version)
            try await store.add(token)
            try await store.enqueue([first, second])
            let lease = try await store.lease(limit: 1, now: samples.now, until: samples.now)
            try await store.record([ended])
            try await store.close()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["lock", "swiftlet.db"])

            let again = try SQLiteStore.open(folder: folder)
            #expect(try await again.function(function.key) == function)
            #expect(try await again.version(1, of: function.id) == version)
            #expect(try await again.tokens() == [token])
            #expect(
                try await again.executions([first.id, second.id, ended.id]) == [lease[0].execution, second, ended])
            #expect(try await again.requeueExpired(now: nil) == 1, "nobody runs it any more")
            #expect(try await again.settle([Samples.settlement(lease[0])]) == [first.id])
            #expect(try await again.lease(limit: 2, now: samples.now, until: samples.now).map(\.epoch) == [2, 1])
            try await again.close()
        }
    }

    @Test func `a folder that cannot be made is refused with the reason`() async throws {
        try await withFolder { folder in
            let file = folder + "/file"
            #expect(FileManager.default.createFile(atPath: file, contents: nil))
            for path in [file, file + "/data"] {
                let error = #expect(throws: StorageError.self) { try SQLiteStore.open(folder: path) }
                #expect(error?.message.contains("`\(path)` cannot be made: Not a directory.") == true)
            }
            try await SQLiteStore.open(folder: folder + "/a/b//c/").close()
            let mode = try FileManager.default.attributesOfItem(atPath: folder + "/a")[.posixPermissions] as? NSNumber
            #expect(mode == 0o700)
        }
    }

    @Test func `a folder in use is refused with the process that holds it, and free after close`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore.open(folder: folder)
            let error = #expect(throws: StorageError.self) { try SQLiteStore.open(folder: folder) }
            #expect(error?.code == .conflict)
            #expect(error?.message.contains("process \(ProcessInfo.processInfo.processIdentifier):") == true)
            try await store.close()
            let next = try SQLiteStore.open(folder: folder)
            try await store.close()
            #expect(throws: StorageError.self, "closing twice gives up nobody else's lock") {
                try SQLiteStore.open(folder: folder)
            }
            try await next.close()
        }
    }

    @Test func `a closed store refuses every request`() async throws {
        try await withFolder { folder in
            var samples = Samples()
            let store = try SQLiteStore.open(folder: folder)
            try await store.close()
            let (queued, ended) = (try samples.queued(), try samples.ended())
            #expect(await refusal { try await store.enqueue([queued]) } == .unavailable)
            #expect(await refusal { try await store.record([ended]) } == .unavailable)
            #expect(await refusal { _ = try await store.execution(queued.id) } == .unavailable)
        }
    }

    @Test func `a commit waits for the disk, and references are checked`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore.open(folder: folder)
            let settings = try await store.pool.writeWithoutTransaction { db in
                try ["synchronous", "foreign_keys", "journal_mode"].map {
                    try String.fetchOne(db, sql: "PRAGMA \($0)")
                }
            }
            #expect(settings == ["2", "1", "wal"])
            try await store.close()
        }
    }

    @Test func `only the owner can read the files`() async throws {
        try await withFolder { parent in
            let folder = parent + "/deep/data"
            let store = try SQLiteStore.open(folder: folder)
            for (path, permissions) in [
                ("", 0o700), ("/swiftlet.db", 0o600), ("/swiftlet.db-wal", 0o600), ("/lock", 0o600),
            ] {
                let attributes = try FileManager.default.attributesOfItem(atPath: folder + path)
                #expect(attributes[.posixPermissions] as? Int == permissions, "\(path)")
            }
            try await store.close()
        }
    }

    @Test func `a folder that cannot be made is refused with a sentence`() async throws {
        try await withFolder { folder in
            try Data().write(to: URL(fileURLWithPath: folder + "/file"))
            let error = #expect(throws: StorageError.self) { try SQLiteStore.open(folder: folder + "/file/data") }
            #expect(error?.code == .unavailable)
            #expect(throws: StorageError.self) { try SQLiteStore.open(folder: "/proc/swiftlet") }
        }
    }

    @Test func `a file that is no database is refused as damaged, and the folder is free again`() async throws {
        try await withFolder { folder in
            let path = folder + "/swiftlet.db"
            try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: path))
            #expect(throws: StorageError.self) { try SQLiteStore.open(folder: folder) }
            let error = #expect(throws: StorageError.self) { try SQLiteStore.open(folder: folder) }
            #expect(error?.code == .corrupt)
            try FileManager.default.removeItem(atPath: path)
            try await SQLiteStore.open(folder: folder).close()
        }
    }
}
