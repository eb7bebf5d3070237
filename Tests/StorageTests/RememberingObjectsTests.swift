import Model
import Storage
import Synchronization
import Testing

@Suite struct RememberingObjectsTests {
    /// A store in memory that counts what is read of it, and lets others go first at every turn.
    private final class Watched: ObjectStore {
        let inner = MemoryStore()
        let reads = Atomic<Int>(0)

        private func read<Value>(_ body: () async throws -> Value) async throws -> Value {
            reads.add(1, ordering: .relaxed)
            await Task.yield()
            let value = try await body()
            await Task.yield()
            return value
        }

        private func change<Value>(_ body: () async throws -> Value) async throws -> Value {
            await Task.yield()
            let value = try await body()
            await Task.yield()
            return value
        }

        func walk(from start: ObjectID, _ steps: [ObjectStep]) async throws -> [ObjectHead] {
            try await read { try await inner.walk(from: start, steps) }
        }
        func object(_ id: ObjectID) async throws -> StoredObject? { try await read { try await inner.object(id) } }
        func entries(of directory: ObjectID) async throws -> [ObjectEntry] {
            try await read { try await inner.entries(of: directory) }
        }
        func add(_ object: StoredObject) async throws { try await change { try await inner.add(object) } }
        func link(_ link: ObjectLink) async throws -> LinkOutcome { try await change { try await inner.link(link) } }
        func unlink(_ name: String, from directory: ObjectID) async throws -> Bool {
            try await change { try await inner.unlink(name, from: directory) }
        }
        func write(_ content: [UInt8], to file: ObjectID) async throws -> Int? {
            try await change { try await inner.write(content, to: file) }
        }
        func replace(_ object: StoredObject) async throws -> Bool {
            try await change { try await inner.replace(object) }
        }
        func sweep(held: @escaping @Sendable () -> Set<ObjectID>) async throws -> Int {
            try await change { try await inner.sweep(held: held) }
        }
        func names(of hash: BlobHash) async throws -> [NamedBlob] { try await inner.names(of: hash) }
        func namedBlobs() async throws -> Set<BlobHash> { try await inner.namedBlobs() }
        func usage() async throws -> [String: Int] { try await inner.usage() }
        func rawObjects(after: ObjectID?, limit: Int) async throws -> [RawObject] {
            try await inner.rawObjects(after: after, limit: limit)
        }
        func danglingEntries(limit: Int) async throws -> [RawEntry] {
            try await inner.danglingEntries(limit: limit)
        }
    }

    /// The number of the last change of each kind that was acknowledged.
    private final class Acknowledged: Sendable {
        let content = Atomic<Int>(0)
        let names = Atomic<Int>(0)
    }

    private static func object(_ id: UInt64, _ kind: ObjectKind = .directory) -> StoredObject {
        let label = kind == .facetedDirectory ? nil : "a,T"
        return StoredObject(head: ObjectHead(id: ObjectID(rawValue: id), kind: kind, label: label, owner: "a"))
    }

    private static func link(_ name: String, _ new: StoredObject, in parent: ObjectID = .root) -> ObjectLink {
        ObjectLink(parent: .directory(parent), name: name, target: new.head.id, new: new)
    }

    @Test func `what was made or read is known without asking again`() async throws {
        let store = Watched()
        let objects = RememberingObjects(store)
        try await objects.add(Self.object(0))
        let (home, file) = (Self.object(1, .facetedDirectory), Self.object(2, .file))
        _ = try await objects.link(Self.link("home", home))
        let facet = ObjectParent.facet("a,T", of: home.head.id, owner: "a")
        // That makes the facet, which is not known before it was looked up.
        _ = try await objects.link(ObjectLink(parent: facet, name: "f", target: file.head.id, new: file))
        let path = [ObjectStep(name: "home"), ObjectStep(facet: "a,T"), ObjectStep(name: "f")]
        let found = try await objects.walk(from: .root, path)
        #expect(found.map(\.id.rawValue).last == 2)
        _ = try await objects.object(file.head.id)
        _ = try await objects.entries(of: found[1].id)
        let before = store.reads.load(ordering: .relaxed)
        #expect(try await objects.write([7], to: file.head.id) == 0)
        #expect(try await objects.object(file.head.id)?.content == [7])
        #expect(try await objects.object(file.head.id)?.version == 1)
        #expect(try await objects.walk(from: .root, path) == found)
        #expect(try await objects.walk(from: home.head.id, Array(path.dropFirst())).count == 2)
        #expect(try await objects.entries(of: found[1].id).map(\.name) == ["f"])
        let directory = Self.object(3)
        #expect(
            try await objects.link(ObjectLink(parent: facet, name: "d", target: directory.head.id, new: directory))
                == .linked)
        #expect(try await objects.walk(from: .root, path.dropLast() + [ObjectStep(name: "d")]).count == 3)
        #expect(try await objects.entries(of: directory.head.id) == [])
        #expect(store.reads.load(ordering: .relaxed) == before)
        // The directory has one name more.
        #expect(try await objects.entries(of: found[1].id).map(\.name) == ["d", "f"])
        #expect(try await objects.unlink("f", from: found[1].id))
        #expect(try await objects.walk(from: .root, path).count == 2)
        #expect(try await objects.sweep { [] } == 1)
        #expect(try await objects.object(file.head.id) == nil)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `random work is answered as the store itself would`(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let plain = MemoryStore()
        // So little room that facts come and go.
        let objects = RememberingObjects(MemoryStore(), maximumBytes: 256 << 10)
        let stores: [any ObjectStore] = [plain, objects]
        for store in stores { try await store.add(Self.object(0)) }
        var last: UInt64 = 0
        func both<Value: Equatable>(_ body: (any ObjectStore) async throws -> Value) async throws {
            let answers = (try await body(plain), try await body(objects))
            #expect(answers.0 == answers.1, "seed \(seed)")
        }
        for _ in 0..<3000 {
            let id = ObjectID(rawValue: UInt64.random(in: 0...last, using: &random))
            let name = "\(Int.random(in: 0..<6, using: &random))"
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                last += 1
                let kind: ObjectKind =
                    [.directory, .file, .file, .facetedDirectory].randomElement(using: &random) ?? .file
                let object = Self.object(last, kind)
                try await both { try await $0.link(Self.link(name, object, in: id)) }
            case 1: try await both { try await $0.unlink(name, from: id) }
            case 2:
                let bytes = [UInt8](repeating: 1, count: Int.random(in: 0..<5000, using: &random))
                try await both { try await $0.write(bytes, to: id) }
            case 3:
                guard var object = try await plain.object(id) else { continue }
                object.target = .root
                object.version -= Int.random(in: 0..<2, using: &random)
                try await both { try await $0.replace(object) }
            case 4 where Int.random(in: 0..<20, using: &random) == 0: try await both { try await $0.sweep { [id] } }
            case 5: try await both { try await $0.entries(of: id) }
            case 6: try await both { try await $0.object(id) }
            default:
                let steps = (0..<3).map { _ in
                    let step = "\(Int.random(in: 0..<6, using: &random))"
                    return ObjectStep(name: step, facet: Bool.random(using: &random) ? step : nil)
                }
                try await both { try await $0.walk(from: id, steps) }
            }
        }
    }

    @Test func `nothing older than the last acknowledged change is read, by anybody`() async throws {
        let objects = RememberingObjects(Watched())
        try await objects.add(Self.object(0))
        let file = Self.object(1, .file)
        _ = try await objects.link(Self.link("f", file))
        let acknowledged = Acknowledged()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 1...300 {
                    _ = try await objects.write([UInt8](repeating: 0, count: number), to: file.head.id)
                    acknowledged.content.store(number, ordering: .sequentiallyConsistent)
                }
            }
            group.addTask {
                for number in 1...300 {
                    _ = try await objects.link(Self.link("\(number)", Self.object(1 + UInt64(number))))
                    _ = try await objects.unlink("\(number - 1)", from: .root)
                    acknowledged.names.store(number, ordering: .sequentiallyConsistent)
                }
            }
            for _ in 0..<4 {
                group.addTask {
                    var seen = 0
                    while seen < 300 {
                        let least = max(seen, acknowledged.content.load(ordering: .sequentiallyConsistent))
                        seen = try await objects.object(file.head.id)?.content.count ?? 0
                        #expect(seen >= least)
                    }
                }
                group.addTask {
                    while acknowledged.names.load(ordering: .sequentiallyConsistent) < 300 {
                        let least = acknowledged.names.load(ordering: .sequentiallyConsistent)
                        let names = try await objects.entries(of: .root).compactMap { Int($0.name) }
                        #expect(names.allSatisfy { $0 >= least } && names.count <= 2)
                        for name in names where name < acknowledged.names.load(ordering: .sequentiallyConsistent) {
                            // Its removal is acknowledged by now.
                            #expect(try await objects.walk(from: .root, [ObjectStep(name: "\(name)")]).isEmpty)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
