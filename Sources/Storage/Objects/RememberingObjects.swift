public import Model
import Synchronization

/// An object store before another one, which it asks only for what it does not remember. It must see every change.
///
/// What it answers is what the other store held at one moment of the request: nothing older than the last change that was
/// acknowledged, and a path in one snapshot. What it remembers it answers without waiting.
public final class RememberingObjects: ObjectStore {
    private typealias Key = ObjectMemory.Key
    private typealias Fact = ObjectMemory.Fact

    private let store: any ObjectStore
    private let memory: Mutex<ObjectMemory>

    /// Remembers some `maximumBytes` at most.
    public init(_ store: any ObjectStore, maximumBytes: Int = 16 << 20) {
        self.store = store
        memory = Mutex(ObjectMemory(maximumBytes: maximumBytes))
    }

    // MARK: Reading

    public func walk(from start: ObjectID, _ steps: [ObjectStep]) async throws -> [ObjectHead] {
        let (known, beginning) = memory.withLock { ($0.walk(from: start, steps), $0.now) }
        if let known { return known }
        let found = try await store.walk(from: start, steps)
        memory.withLock { $0.note(found, from: start, steps, readFrom: beginning) }
        return found
    }

    public func object(_ id: ObjectID) async throws -> StoredObject? {
        let (known, beginning) = memory.withLock { ($0.recall(.object(id)), $0.now) }
        if case .object(let object)? = known { return object }
        let object = try await store.object(id)
        if let object { memory.withLock { $0.note(.object(id), .object(object), readFrom: beginning) } }
        return object
    }

    public func entries(of directory: ObjectID) async throws -> [ObjectEntry] {
        let (known, beginning) = memory.withLock { ($0.recall(.names(directory)), $0.now) }
        if case .names(let entries)? = known { return entries }
        let entries = try await store.entries(of: directory)
        memory.withLock { $0.note(.names(directory), .names(entries), readFrom: beginning) }
        return entries
    }

    // MARK: Changes

    public func add(_ object: StoredObject) async throws {
        try await change(Self.keys(of: object)) {
            try await store.add(object)
            return ((), Self.facts(of: object))
        }
    }

    public func link(_ link: ObjectLink) async throws -> LinkOutcome {
        let name = Array(link.name.utf8)
        return try await change { memory in
            memory.directory(link.parent).map { directory in
                [.name(name, in: directory), .names(directory)] + (link.new.map(Self.keys) ?? [])
            }
        } _: { change in
            let outcome = try await store.link(link)
            guard outcome == .linked, let new = link.new, let place = change.keys?.first else { return (outcome, []) }
            return (outcome, Self.facts(of: new) + [(place, .head(new.head))])
        }
    }

    public func unlink(_ name: String, from directory: ObjectID) async throws -> Bool {
        try await change([.name(Array(name.utf8), in: directory), .names(directory)]) {
            (try await store.unlink(name, from: directory), [])
        }
    }

    public func write(_ content: [UInt8], to file: ObjectID) async throws -> Int? {
        var known: Fact?
        return try await change { memory in
            known = memory.recall(.object(file))
            return [.object(file)]
        } _: { _ in
            let replaced = try await store.write(content, to: file)
            guard replaced != nil, case .object(var object)? = known else { return (replaced, []) }
            object.content = content
            object.version += 1
            return (replaced, [(.object(file), .object(object))])
        }
    }

    public func replace(_ object: StoredObject) async throws -> Bool {
        try await change([.object(object.head.id)]) {
            guard try await store.replace(object) else { return (false, []) }
            var object = object
            object.version += 1
            return (true, [(.object(object.head.id), .object(object))])
        }
    }

    public func sweep(held: @escaping @Sendable () -> Set<ObjectID>) async throws -> Int {
        try await change(nil) { (try await store.sweep(held: held), []) }
    }

    // MARK: What is not remembered

    public func names(of hash: BlobHash) async throws -> [NamedBlob] { try await store.names(of: hash) }

    public func namedBlobs() async throws -> Set<BlobHash> { try await store.namedBlobs() }

    public func usage() async throws -> [String: Int] { try await store.usage() }

    public func rawObjects(after: ObjectID?, limit: Int) async throws -> [RawObject] {
        try await store.rawObjects(after: after, limit: limit)
    }

    public func danglingEntries(limit: Int) async throws -> [RawEntry] {
        try await store.danglingEntries(limit: limit)
    }

    // MARK: Parts

    private func change<Value>(
        _ keys: [Key]?, _ body: () async throws -> (Value, [(Key, Fact)])
    ) async throws -> Value {
        try await change({ _ in keys }, { _ in try await body() })
    }

    /// Makes a change, which touches what `keys` says, and takes over what it has made true.
    private func change<Value>(
        _ keys: (inout ObjectMemory) -> [Key]?, _ body: (ObjectMemory.Change) async throws -> (Value, [(Key, Fact)])
    ) async throws -> Value {
        let change = memory.withLock { memory in
            let keys = keys(&memory)
            return memory.begin(keys)
        }
        do {
            let (value, learnt) = try await body(change)
            memory.withLock { $0.end(change, learnt: learnt) }
            return value
        } catch {
            memory.withLock { $0.end(change) }
            throw error
        }
    }

    /// What a new object is known by: nobody can have touched it yet.
    private static func keys(of new: StoredObject) -> [Key] {
        [.head(new.head.id), .object(new.head.id), .names(new.head.id)]
    }

    private static func facts(of new: StoredObject) -> [(Key, Fact)] {
        let id = new.head.id
        return [(.head(id), .head(new.head)), (.object(id), .object(new)), (.names(id), .names([]))]
    }
}

extension ObjectMemory {
    /// What a path leads to; nil where not all of it is remembered.
    fileprivate mutating func walk(from start: ObjectID, _ steps: [ObjectStep]) -> [ObjectHead]? {
        var found: [ObjectHead] = []
        guard var kind = kind(of: start) else { return nil }
        var id = start
        for step in steps {
            guard let name = step.name(in: kind), case .head(let child)? = recall(.name(Array(name.utf8), in: id))
            else { return nil }
            found.append(child)
            (id, kind) = (child.id, child.kind)
        }
        return found
    }

    /// Notes what a path led to.
    fileprivate mutating func note(
        _ found: [ObjectHead], from start: ObjectID, _ steps: [ObjectStep], readFrom beginning: UInt64
    ) {
        var place = kind(of: start).map { (id: start, kind: $0) }
        for (step, child) in zip(steps, found) {
            if let place, let name = step.name(in: place.kind) {
                note(.name(Array(name.utf8), in: place.id), .head(child), readFrom: beginning)
            }
            if child.kind == .directory || child.kind == .facetedDirectory {
                note(.head(child.id), .head(child), readFrom: beginning)
            }
            place = (child.id, child.kind)
        }
    }

    /// The directory that a name is to be made in; nil where that is a facet that is not remembered, or not made yet.
    fileprivate mutating func directory(_ parent: ObjectParent) -> ObjectID? {
        switch parent {
        case .directory(let id): return id
        case .facet(let label, let faceted, _):
            guard case .head(let facet)? = recall(.name(Array(label.utf8), in: faceted)) else { return nil }
            return facet.id
        }
    }

    private mutating func kind(of id: ObjectID) -> ObjectKind? {
        if id == .root { return .directory }
        guard case .head(let head)? = recall(.head(id)) else { return nil }
        return head.kind
    }
}
