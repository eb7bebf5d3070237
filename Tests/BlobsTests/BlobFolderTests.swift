import Blobs
import Crypto
import Foundation
import Model
import Testing

@Suite struct BlobFolderTests {
    private let quota = QuotaLedger(maximumBytesPerOwner: 10 << 20)

    private func writer(_ folder: BlobFolder, for owner: String = "a") throws -> BlobWriter {
        try folder.write(try #require(quota.reserve(0, for: owner)))
    }

    private func sealed(_ bytes: [UInt8], in folder: BlobFolder) async throws -> SealedBlob {
        let writer = try writer(folder)
        try await writer.append(bytes)
        return try await writer.seal()
    }

    @Test func `a blob is read as it was written, in any pieces`() async throws {
        try await withFolder { path in
            let folder = try BlobFolder(path: path + "/blobs")
            let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let writer = try writer(folder)
            for start in stride(from: 0, to: bytes.count, by: 777_777) {
                try await writer.append(bytes[start..<min(bytes.count, start + 777_777)])
            }
            let sealed = try await writer.seal()
            #expect(sealed.hash.bytes == Array(SHA256.hash(data: bytes)))
            #expect(sealed.length == bytes.count)
            let reader = try #require(try folder.read(sealed.hash))
            #expect(reader.length == bytes.count)
            #expect(try reader.bytes(at: 2_999_990, count: 100) == Array(bytes[2_999_990...]))
            #expect(try reader.bytes(at: 100, count: 1000) == Array(bytes[100..<1100]))
            #expect(try reader.bytes(at: 3_000_000, count: 1) == [])
            #expect(try reader.bytes(at: -1, count: 1) == [])
            #expect(try folder.verify(sealed.hash) == true)
            let file = "\(path)/blobs/\(sealed.hash.description.prefix(2))/\(sealed.hash.description.dropFirst(2))"
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o400)
        }
    }

    @Test func `bytes that there are already are not stored again, unless they were cut`() async throws {
        try await withFolder { path in
            let folder = try BlobFolder(path: path)
            let first = try await sealed([1, 2, 3], in: folder)
            let file = "\(path)/\(first.hash.description.prefix(2))/\(first.hash.description.dropFirst(2))"
            func number() throws -> Int? {
                try FileManager.default.attributesOfItem(atPath: file)[.systemFileNumber] as? Int
            }
            let before = try number()
            let second = try await sealed([1, 2, 3], in: folder)
            #expect(second.hash == first.hash && second.length == 3)
            #expect(try number() == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: path + "/incoming") == [])
            try FileManager.default.removeItem(atPath: file)
            try Data([1]).write(to: URL(fileURLWithPath: file))
            _ = try await sealed([1, 2, 3], in: folder)
            #expect(try folder.verify(first.hash) == true)
        }
    }

    @Test func `a sealed blob takes nothing more, and one that is dropped leaves nothing`() async throws {
        try await withFolder { path in
            let folder = try BlobFolder(path: path)
            let writer = try writer(folder)
            let empty = try await writer.seal()
            #expect(empty.hash.description.hasPrefix("e3b0c442"))
            await #expect(throws: BlobError.self) { try await writer.append([1]) }
            await #expect(throws: BlobError.self) { _ = try await writer.seal() }
            do {
                let dropped = try self.writer(folder)
                try await dropped.append([1, 2, 3])
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: path + "/incoming") == [])
            #expect(quota.used(by: "a") == 0)
            #expect(try folder.stored().blobs == [empty.hash])
        }
    }

    @Test func `many writers of the same bytes make one blob`() async throws {
        try await withFolder { path in
            let folder = try BlobFolder(path: path)
            let hashes = try await withThrowingTaskGroup(of: BlobHash.self) { group in
                for _ in 0..<16 { group.addTask { try await sealed([5, 6], in: folder).hash } }
                return try await group.reduce(into: Set<BlobHash>()) { $0.insert($1) }
            }
            #expect(hashes.count == 1)
            #expect(try folder.stored().blobs == Array(hashes))
        }
    }

    @Test func `what a writer left unfinished is gone at the next start, and blobs stay`() async throws {
        try await withFolder { path in
            let kept = try await sealed([1], in: try BlobFolder(path: path)).hash
            // As a process leaves it that is killed while it writes, before it syncs, and before it renames.
            for name in ["1-1", "1-2"] { try Data([1, 2]).write(to: URL(fileURLWithPath: "\(path)/incoming/\(name)")) }
            let folder = try BlobFolder(path: path)
            #expect(try FileManager.default.contentsOfDirectory(atPath: path + "/incoming") == [])
            #expect(try folder.stored().blobs == [kept])
            #expect(try folder.verify(kept) == true)
        }
    }

    @Test func `damage and strangers are found`() async throws {
        try await withFolder { path in
            let folder = try BlobFolder(path: path)
            let hash = try await sealed([1, 2], in: folder).hash
            let file = "\(path)/\(hash.description.prefix(2))/\(hash.description.dropFirst(2))"
            try FileManager.default.removeItem(atPath: file)
            #expect(try folder.verify(hash) == nil)
            try Data([1, 3]).write(to: URL(fileURLWithPath: file))
            #expect(try folder.verify(hash) == false)
            try Data().write(to: URL(fileURLWithPath: "\(path)/\(hash.description.prefix(2))/x"))
            #expect(try folder.stored().others == ["\(hash.description.prefix(2))/x"])
        }
    }

    @Test func `a collection leaves what is named or held, also where that happens meanwhile`() async throws {
        try await withFolder { path in
            let folder = try BlobFolder(path: path)
            let named = try await sealed([1], in: folder).hash
            let gone = try await sealed([2, 2], in: folder).hash
            let held = try await sealed([3], in: folder)
            let late = try await sealed([4], in: folder).hash
            var latest: SealedBlob?
            let collected = try await folder.collect {
                // Opened, given a name and closed again after the names were asked for; and one that is just made.
                _ = try folder.read(late)
                latest = try await sealed([5], in: folder)
                return [named]
            }
            #expect(collected.blobs == 1 && collected.bytes == 2)
            let stored = Set(try folder.stored().blobs)
            #expect(stored == Set([named, held.hash, late] + [latest?.hash].compactMap { $0 }))
            #expect(try folder.read(gone) == nil)
        }
    }

    @Test func `an owner keeps no more than the quota, and gets back what is dropped`() async throws {
        try await withFolder { path in
            let folder = try BlobFolder(path: path)
            let quota = QuotaLedger(maximumBytesPerOwner: 10)
            quota.replaceStored(by: ["a": 4])
            do {
                let writer = try folder.write(try #require(quota.reserve(0, for: "a")))
                try await writer.append([1, 2, 3, 4])
                await #expect(throws: BlobError.self) { try await writer.append([1, 2, 3]) }
                #expect(writer.length == 4)
                #expect(quota.used(by: "a") == 8)
                let sealed = try await writer.seal()
                #expect(sealed.length == 4)
            }
            #expect(quota.used(by: "a") == 4)
            let kept = try #require(quota.reserve(6, for: "a"))
            kept.commit(replacing: 2)
            #expect(quota.used(by: "a") == 8)
            #expect(quota.reserve(3, for: "a") == nil)
            #expect(quota.reserve(10, for: "b") != nil)
        }
    }
}
