import Blobs
import Foundation
import Labels
import Model
import Storage
import StorageSQLite
import Testing

@testable import LabelledFiles

@Suite struct UpkeepTests {
    @Test func `what the server offers is made once, and a home has a gate that acts for its owner`() async throws {
        try await Fixture.run(onDisk: true) { fixture in
            for key in [[1], [2]] as [[UInt8]] {
                try await fixture.files.prepare(publicKey: key, privateKey: [9])
                try await fixture.files.prepareHome(of: component("alice"))
            }
            #expect(
                try await fixture.names("home:<T,faasten>", as: "T")
                    == ["fsutil", "fsutil_image", "kernel", "public_key", "python"])
            var anybody = try fixture.caller("T")
            #expect(try await anybody.read(anybody.resolve(path("home:<T,faasten>:public_key"))) == [1])
            #expect(anybody.label == .public)
            _ = try await anybody.read(anybody.resolve(path("home:<faasten,faasten>:private_key")))
            #expect(try anybody.label == label("faasten,T"))
            var bob = try fixture.caller("bob")
            let shared = try await bob.findGate(path("home:<T,faasten>:fsutil"))
            #expect(shared.function.runtime == .builtIn(LabelledFiles.fsutilName))
            #expect(shared.privilege == .true)
            var alice = try fixture.caller("alice")
            let own = try await alice.findGate(path("~:fsutil"))
            #expect(try own.privilege == component("alice"))
            #expect(try own.declassify == component("alice"), "so what is read for alice may be shown to her")
            #expect(await code { _ = try await bob.findGate(path("home:<alice,alice>:fsutil")) } == .denied)
            #expect(try await fixture.files.check().findings == [])
        }
    }

    @Test func `what nothing leads to is collected, but not what a handle holds`() async throws {
        try await Fixture.run(onDisk: true) { fixture in
            try await fixture.put([1], at: "~:kept", as: "alice", label: "alice,T")
            try await fixture.put([2, 2], at: "~:gone", as: "alice", label: "alice,T")
            try await fixture.put([3], at: "~:held", as: "alice", label: "alice,T")
            var alice = try fixture.caller("alice")
            let handle = try alice.add(try await alice.resolve(path("~:held")))
            let unnamed = try await alice.sealed([4])
            try await alice.delete(path("~:gone"))
            try await alice.delete(path("~:held"))
            var collected = try await fixture.files.collect()
            #expect(collected.objects == 1)
            #expect(collected.blobs.blobs == 1 && collected.blobs.bytes == 2)
            // The facet, two entries, and the bytes of three blobs.
            #expect(fixture.files.quota.used(by: "alice") == 3 * StoredObject.overheadBytes + 3)
            #expect(try await alice.open(.hash(unnamed.hash)).length == 1)
            #expect(try await alice.open(entry: alice.node(handle)).length == 1)
            alice = try fixture.caller("alice")
            collected = try await fixture.files.collect()
            #expect(collected.objects == 1)
            #expect(collected.blobs.blobs == 1, "the unnamed blob is held by this test, its neighbour is not")
            #expect(unnamed.length == 1)
            #expect(try await fixture.files.check().findings == [])
        }
    }

    @Test func `quotas hold for files, objects and blobs`() async throws {
        try await Fixture.run(quota: 10_000) { fixture in
            var alice = try fixture.caller("alice")
            let file = try await alice.createFile(path("~:f"), label: nil)
            try await alice.write([UInt8](repeating: 1, count: 4000), to: file)
            try await alice.write([UInt8](repeating: 1, count: 3000), to: file)
            #expect(
                await code { try await alice.write([UInt8](repeating: 1, count: 9600), to: file) } == .quotaExceeded)
            #expect(try await alice.read(file).count == 3000)
            #expect(fixture.files.quota.used(by: "alice") == 3000 + StoredObject.overheadBytes)
            let writer = try alice.createBlob()
            await #expect(throws: BlobError.self) { try await writer.append([UInt8](repeating: 1, count: 8000)) }
            for number in 0..<12 { try await alice.createDirectory(path("~:\(number)"), label: nil) }
            #expect(await code { try await alice.createDirectory(path("~:more"), label: nil) } == .quotaExceeded)
            #expect(try await fixture.names("~", as: "alice").count == 13)
        }
    }

    @Test func `what takes the place of something needs room only for the difference`() async throws {
        try await Fixture.run(quota: 10_000) { fixture in
            var alice = try fixture.caller("alice")
            let used = { fixture.files.quota.used(by: "alice") }
            let file = try await alice.createFile(path("~:f"), label: nil)
            for (count, byte) in [(6000, 1), (9000, 2), (8000, 3)] as [(Int, UInt8)] {
                try await alice.write([UInt8](repeating: byte, count: count), to: file)
                #expect(try await alice.read(file) == [UInt8](repeating: byte, count: count))
                #expect(used() == count + StoredObject.overheadBytes)
            }
            try await alice.write([], to: file)
            do {
                let first = try await alice.sealed([UInt8](repeating: 1, count: 3000))
                try await alice.linkBlob(path("~:b"), first, label: nil)
            }
            let before = used()
            let second = try await alice.sealed([UInt8](repeating: 2, count: 3500))
            try await alice.placeBlob(path("~:b"), second, label: nil)
            #expect(used() == before + 500)
        }
    }

    @Test func `a blob counts once from its sealing on, and again for each entry more`() async throws {
        try await Fixture.run(quota: 10_000) { fixture in
            var alice = try fixture.caller("alice")
            let used = { fixture.files.quota.used(by: "alice") }
            do {
                let blob = try await alice.sealed([UInt8](repeating: 1, count: 6000))
                #expect(used() == 6000)
                try await alice.linkBlob(path("~:a"), blob, label: nil)
                #expect(used() == 6000 + StoredObject.overheadBytes)
                #expect(await code { try await alice.linkBlob(path("~:b"), blob, label: nil) } == .quotaExceeded)
                var app = try fixture.caller("alice/app", "T,T")
                try await app.linkBlob(path("~:c"), blob, label: nil)
                #expect(fixture.files.quota.used(by: "alice/app") == 6000 + StoredObject.overheadBytes)
            }
            let other = try await alice.sealed([UInt8](repeating: 2, count: 2000))
            #expect(await code { try await alice.linkBlob(path("~:a"), other, label: nil) } == .linkExists)
            try await alice.placeBlob(path("~:a"), other, label: nil)
            #expect(used() == 2000 + StoredObject.overheadBytes)
        }
    }

    @Test func `a check finds what is broken, and changes nothing`() async throws {
        try await Fixture.run { fixture in
            try await fixture.put([1], at: "~:a", as: "alice", label: "alice,T")
            try await fixture.put([2], at: "~:b", as: "alice", label: "alice,T")
            let store = fixture.files.store
            let wrong: [(ObjectKind, String?, [UInt8], ObjectID?)] = [
                (.file, "a,,", [], nil), (.file, nil, [], nil), (.directory, "T,T", [1], nil), (.gate, "T,T", [1], nil),
                (.file, "b&a,T", [], nil), (.blob, "T,T", [], nil), (.facetedDirectory, "T,T", [], nil),
                (.file, "T,T", [], ObjectID(rawValue: 77)),
            ]
            for (number, (kind, own, content, target)) in wrong.enumerated() {
                let head = ObjectHead(
                    id: ObjectID(rawValue: UInt64(number) + 1), kind: kind, label: own, owner: "x")
                try await store.add(StoredObject(head: head, content: content, target: target))
            }
            let blobs = try fixture.files.blobs.stored().blobs
            let places = blobs.map {
                "\(fixture.folder)/blobs/\($0.description.prefix(2))/\($0.description.dropFirst(2))"
            }
            try FileManager.default.removeItem(atPath: places[0])
            try FileManager.default.removeItem(atPath: places[1])
            try Data([7]).write(to: URL(fileURLWithPath: places[1]))
            for _ in 0..<2 {
                let report = try await fixture.files.check()
                #expect(report.findings.count { $0.problem == .label } == 4)
                #expect(report.findings.count { $0.problem == .content } == 3)
                #expect(report.findings.filter { $0.problem == .target }.map(\.subject) == ["object 8"])
                #expect(report.findings.filter { $0.problem == .blobMissing }.map(\.subject) == ["\(blobs[0])"])
                #expect(report.findings.filter { $0.problem == .blobDamaged }.map(\.subject) == ["\(blobs[1])"])
                #expect(report.findings.count == 10)
            }
        }
    }

    @Test func `parallel callers of one directory lose nothing`() async throws {
        try await Fixture.run(onDisk: true) { fixture in
            var system = try fixture.caller("F")
            try await system.createDirectory(path("pub"), label: .public)
            let winners = try await withThrowingTaskGroup(of: Int.self) { group in
                for worker in 0..<6 {
                    group.addTask {
                        var caller = try fixture.caller("alice")
                        var won = 0
                        for round in 0..<12 {
                            try await caller.createDirectory(path("pub:\(worker)-\(round)"), label: nil)
                            do {
                                try await caller.createDirectory(path("home:<T,alice>:\(round)"), label: nil)
                                won += 1
                            } catch let error as FileRefusal where error.code == .linkExists {}
                            if round % 3 == 0 { try await caller.delete(path("pub:\(worker)-\(round)")) }
                        }
                        return won
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(winners == 12)
            #expect(try await fixture.names("pub", as: "T").count == 6 * 8)
            #expect(try await fixture.names("home:<T,alice>", as: "T").count == 12)
            #expect(try await fixture.files.check().findings == [])
        }
    }

    @Test func `kill -9 leaves no name without its blob`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
            let store = try SQLiteStore.open(folder: folder)
            let fixture = Fixture(files: try await Fixture.open(store, folder, quota: 1 << 30), folder: folder)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        for count in 0... {
                            let bytes = Array("\(worker) \(count)".utf8) + [UInt8](repeating: 1, count: 100_000)
                            try await fixture.put(bytes, at: "~:\(worker)-\(count)", as: "alice", label: "alice,T")
                            if worker == 0, count == 12 { kill(getpid(), SIGKILL) }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        let store = try SQLiteStore.open(folder: folder)
        let files = try await Fixture.open(store, folder, quota: 1 << 30)
        #expect(try await files.check().findings == [])
        #expect(try await Fixture(files: files, folder: folder).names("~", as: "alice").count >= 12)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/blobs/incoming") == [])
        _ = try await files.collect()
        #expect(try await files.check().findings == [])
        try await store.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}
