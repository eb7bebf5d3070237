import Model
import Storage
import Testing

@Suite struct ObjectConformanceTests {
    private static let root = StoredObject(
        head: ObjectHead(id: .root, kind: .directory, label: "T,F", owner: "F"))

    private static func object(_ id: UInt64, _ kind: ObjectKind = .directory, owner: String = "a") -> StoredObject {
        StoredObject(
            head: ObjectHead(
                id: ObjectID(rawValue: id), kind: kind, label: kind == .facetedDirectory ? nil : "a,T", owner: owner))
    }

    private static func link(_ name: String, _ object: StoredObject, in parent: ObjectID = .root) -> ObjectLink {
        ObjectLink(parent: .directory(parent), name: name, target: object.head.id, new: object)
    }

    @Test(arguments: ObjectDriver.allCases)
    func `a path is followed as far as it leads`(_ driver: ObjectDriver) async throws {
        try await driver.withStore { store in
            try await store.add(Self.root)
            let (directory, file) = (Self.object(.max), Self.object(2, .file))
            let faceted = Self.object(3, .facetedDirectory)
            #expect(try await store.link(Self.link("d", directory)) == .linked)
            #expect(try await store.link(Self.link("é", file, in: directory.head.id)) == .linked)
            #expect(try await store.link(Self.link("home", faceted, in: directory.head.id)) == .linked)
            let both = try await store.walk(from: .root, [ObjectStep(name: "d"), ObjectStep(name: "é")])
            #expect(both == [directory.head, file.head])
            #expect(try await store.walk(from: .root, [ObjectStep(name: "x"), ObjectStep(name: "é")]) == [])
            #expect(try await store.walk(from: .root, [ObjectStep(facet: "d")]) == [])
            #expect(
                try await store.walk(from: directory.head.id, [ObjectStep(name: "home"), ObjectStep(name: "a,T")]).count
                    == 1)
            #expect(try await store.walk(from: file.head.id, [ObjectStep(name: "d")]) == [])
            #expect(try await store.walk(from: ObjectID(rawValue: 99), [ObjectStep(name: "d")]) == [])
            #expect(try await store.entries(of: directory.head.id).map(\.name) == ["home", "é"])
        }
    }

    @Test(arguments: ObjectDriver.allCases)
    func `a name is taken once, and what lost leaves nothing`(_ driver: ObjectDriver) async throws {
        try await driver.withStore { store in
            try await store.add(Self.root)
            #expect(try await store.link(Self.link("n", Self.object(1))) == .linked)
            #expect(try await store.link(Self.link("n", Self.object(2))) == .taken)
            #expect(try await store.object(ObjectID(rawValue: 2)) == nil)
            #expect(await refusal { _ = try await store.link(Self.link("m", Self.object(1))) } == .alreadyExists)
            #expect(try await store.entries(of: .root).map(\.name) == ["n"])
            let hard = ObjectLink(parent: .directory(.root), name: "m", target: ObjectID(rawValue: 1))
            #expect(try await store.link(hard) == .linked)
            let missing = ObjectLink(parent: .directory(.root), name: "o", target: ObjectID(rawValue: 77))
            #expect(try await store.link(missing) == .missing)
            #expect(try await store.link(Self.link("o", Self.object(5), in: ObjectID(rawValue: 77))) == .missing)
            // Names are bytes: these look alike.
            let alike = ["e\u{301}", "\u{e9}"]
            for (id, name) in zip([8, 9] as [UInt64], alike) {
                #expect(try await store.link(Self.link(name, Self.object(id))) == .linked)
            }
            for name in alike { #expect(try await store.unlink(name, from: .root)) }
            #expect(try await store.unlink("n", from: .root))
            #expect(try await store.unlink("n", from: .root) == false)
            #expect(try await store.entries(of: .root).map(\.name) == ["m"])
        }
    }

    @Test(arguments: ObjectDriver.allCases)
    func `the first link makes a facet`(_ driver: ObjectDriver) async throws {
        try await driver.withStore { store in
            try await store.add(Self.root)
            let home = Self.object(1, .facetedDirectory)
            #expect(try await store.link(Self.link("home", home)) == .linked)
            for (id, outcome) in [(2, LinkOutcome.linked), (3, .taken)] as [(UInt64, LinkOutcome)] {
                let object = Self.object(id, .file)
                let link = ObjectLink(
                    parent: .facet("b,T", of: home.head.id, owner: "b"), name: "f", target: object.head.id, new: object)
                #expect(try await store.link(link) == outcome)
            }
            let facets = try await store.entries(of: home.head.id)
            #expect(facets.map(\.name) == ["b,T"])
            #expect(facets.first?.object.label == "b,T")
            #expect(facets.first?.object.owner == "b")
            let lost = ObjectLink(
                parent: .facet("c,T", of: home.head.id, owner: "c"), name: "f", target: ObjectID(rawValue: 99))
            #expect(try await store.link(lost) == .missing)
            #expect(try await store.entries(of: home.head.id).count == 1)
            let found = try await store.walk(
                from: .root, [ObjectStep(name: "home"), ObjectStep(facet: "b,T"), ObjectStep(name: "f")])
            #expect(found.count == 3)
        }
    }

    @Test(arguments: ObjectDriver.allCases)
    func `content is replaced against its version, files always`(_ driver: ObjectDriver) async throws {
        try await driver.withStore { store in
            try await store.add(Self.root)
            var file = Self.object(1, .file)
            try await store.add(file)
            #expect(await refusal { try await store.add(file) } == .alreadyExists)
            #expect(try await store.write([1, 2], to: file.head.id) == 0)
            #expect(try await store.write([3], to: file.head.id) == 2)
            #expect(try await store.write([], to: ObjectID(rawValue: 9)) == nil)
            file.content = [4]
            #expect(try await store.replace(file) == false)
            file.version = 2
            file.target = .root
            let hash = try #require(BlobHash(String(repeating: "ab", count: 32)))
            file.blobs = [NamedBlob(hash: hash, label: "a,T", length: 7)]
            #expect(try await store.replace(file))
            #expect(try await store.replace(file) == false)
            file.version = 3
            #expect(try await store.object(file.head.id) == file)
            #expect(try await store.names(of: hash) == file.blobs)
            #expect(try await store.namedBlobs() == [hash])
            #expect(try await store.usage() == ["F": StoredObject.overheadBytes, "a": StoredObject.overheadBytes + 8])
        }
    }

    @Test(arguments: ObjectDriver.allCases)
    func `a sweep leaves what the root or somebody's handle leads to`(_ driver: ObjectDriver) async throws {
        try await driver.withStore { store in
            try await store.add(Self.root)
            // Two directories that hold each other, from the root; two that do, from nowhere; a gate and its target.
            for (id, name) in [(1, "kept"), (2, "inner")] as [(UInt64, String)] {
                let parent: ObjectID = id == 1 ? .root : ObjectID(rawValue: 1)
                _ = try await store.link(Self.link(name, Self.object(id), in: parent))
            }
            _ = try await store.link(
                ObjectLink(parent: .directory(ObjectID(rawValue: 2)), name: "up", target: ObjectID(rawValue: 1)))
            for id: UInt64 in [3, 4, 5, 6, 7, 8] { try await store.add(Self.object(id)) }
            for (parent, child) in [(3, 4), (4, 3), (7, 8)] as [(UInt64, UInt64)] {
                _ = try await store.link(
                    ObjectLink(
                        parent: .directory(ObjectID(rawValue: parent)), name: "x", target: ObjectID(rawValue: child)))
            }
            var gate = Self.object(9, .gate)
            gate.target = ObjectID(rawValue: 5)
            _ = try await store.link(Self.link("gate", gate))
            #expect(try await store.sweep { [ObjectID(rawValue: 7)] } == 3)
            for (id, isThere) in [(1, true), (2, true), (3, false), (4, false), (5, true), (6, false), (8, true)]
                as [(UInt64, Bool)]
            {
                #expect(try await (store.object(ObjectID(rawValue: id)) != nil) == isThere, "\(id)")
            }
            #expect(try await store.sweep { [] } == 2)
            #expect(try await store.danglingEntries(limit: 9) == [])
            let raw = try await store.rawObjects(after: nil, limit: 3)
            #expect(raw.map(\.id.rawValue) == [0, 1, 2])
            #expect(raw.map(\.names) == [0, 2, 1])
            let rest = try await store.rawObjects(after: raw.last?.id, limit: 9)
            #expect(rest.map(\.id.rawValue) == [5, 9])
            #expect(rest.last?.targetExists == true)
        }
    }

    @Test(arguments: ObjectDriver.allCases)
    func `parallel links and unlinks of one directory lose nothing`(_ driver: ObjectDriver) async throws {
        try await driver.withStore { store in
            try await store.add(Self.root)
            let winners = try await withThrowingTaskGroup(of: Int.self) { group in
                for worker in 0..<8 as Range<UInt64> {
                    group.addTask {
                        var won = 0
                        for round in 0..<20 as Range<UInt64> {
                            let own = Self.object(1 + worker * 1000 + round, .file)
                            guard try await store.link(Self.link("\(worker)-\(round)", own)) == .linked else {
                                return -1
                            }
                            let shared = Self.object(500 + worker * 1000 + round, .file)
                            if try await store.link(Self.link("shared-\(round)", shared)) == .linked { won += 1 }
                            if round % 2 == 1 { _ = try await store.unlink("\(worker)-\(round)", from: .root) }
                        }
                        return won
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(winners == 20)
            #expect(try await store.entries(of: .root).count == 20 + 8 * 10)
        }
    }
}
