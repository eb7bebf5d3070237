import Model

/// The objects of the store in memory, and the plainest statement of what a driver must do.
struct ObjectTables: Sendable {
    private var objects: [ObjectID: StoredObject] = [:]
    /// Names are compared by their bytes.
    private var entries: [ObjectID: [[UInt8]: ObjectID]] = [:]

    func walk(from start: ObjectID, _ steps: [ObjectStep]) -> [ObjectHead] {
        var found: [ObjectHead] = []
        guard var place = objects[start]?.head else { return [] }
        for step in steps {
            guard let name = step.name(in: place.kind), let child = entries[place.id]?[Array(name.utf8)],
                let object = objects[child]
            else { break }
            place = object.head
            found.append(place)
        }
        return found
    }

    func object(_ id: ObjectID) -> StoredObject? { objects[id] }

    func entries(of directory: ObjectID) -> [ObjectEntry] {
        (entries[directory] ?? [:]).compactMap { name, child in
            objects[child].map { ObjectEntry(name: String(decoding: name, as: UTF8.self), object: $0.head) }
        }.sorted { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
    }

    mutating func add(_ object: StoredObject) throws(StorageError) {
        guard objects[object.head.id] == nil else { throw .objectExists(object.head.id) }
        objects[object.head.id] = object
    }

    mutating func link(_ link: ObjectLink) throws(StorageError) -> LinkOutcome {
        var directory: ObjectID?
        var facet: StoredObject?
        switch link.parent {
        case .directory(let id): directory = objects[id].map(\.head.id)
        case .facet(let label, let faceted, let owner):
            guard objects[faceted] != nil else { return .missing }
            directory = entries[faceted]?[Array(label.utf8)]
            if directory == nil {
                let head = ObjectHead(id: .random(), kind: .directory, label: label, owner: owner)
                facet = StoredObject(head: head)
                directory = head.id
                entries[faceted, default: [:]][Array(label.utf8)] = head.id
                objects[head.id] = facet
            }
        }
        guard let directory, link.new != nil || objects[link.target] != nil else {
            undo(facet, link.parent)
            return .missing
        }
        let name = Array(link.name.utf8)
        guard entries[directory]?[name] == nil else { return .taken }
        if let new = link.new {
            do throws(StorageError) { try add(new) } catch {
                undo(facet, link.parent)
                throw error
            }
        }
        entries[directory, default: [:]][name] = link.target
        return .linked
    }

    private mutating func undo(_ facet: StoredObject?, _ parent: ObjectParent) {
        guard let facet, case .facet(let label, let faceted, _) = parent else { return }
        objects[facet.head.id] = nil
        entries[faceted]?[Array(label.utf8)] = nil
    }

    mutating func unlink(_ name: String, from directory: ObjectID) -> Bool {
        entries[directory]?.removeValue(forKey: Array(name.utf8)) != nil
    }

    mutating func write(_ content: [UInt8], to file: ObjectID) -> Int? {
        guard let length = objects[file]?.content.count else { return nil }
        objects[file]?.content = content
        objects[file]?.version += 1
        return length
    }

    mutating func replace(_ object: StoredObject) -> Bool {
        guard let stored = objects[object.head.id], stored.version == object.version else { return false }
        var replaced = object
        replaced.head = stored.head
        replaced.version += 1
        objects[object.head.id] = replaced
        return true
    }

    func names(of hash: BlobHash) -> [NamedBlob] {
        Set(objects.values.flatMap(\.blobs).filter { $0.hash == hash })
            .sorted { Array($0.label.utf8).lexicographicallyPrecedes(Array($1.label.utf8)) }
    }

    var namedBlobs: Set<BlobHash> { Set(objects.values.flatMap { $0.blobs.map(\.hash) }) }

    var usage: [String: Int] {
        var usage: [String: Int] = [:]
        for object in objects.values { usage[object.head.owner, default: 0] += object.bytes }
        return usage
    }

    mutating func sweep(held: Set<ObjectID>) -> Int {
        var reached: Set<ObjectID> = []
        var waiting = [ObjectID.root] + held
        while let id = waiting.popLast() {
            guard let object = objects[id], reached.insert(id).inserted else { continue }
            waiting += (entries[id] ?? [:]).values
            if let target = object.target { waiting.append(target) }
        }
        let count = objects.count - reached.count
        objects = objects.filter { reached.contains($0.key) }
        entries = entries.filter { reached.contains($0.key) }
        return count
    }

    func raw(after: ObjectID?, limit: Int) -> [RawObject] {
        var names: [ObjectID: Int] = [:]
        for child in entries.values.flatMap(\.values) { names[child, default: 0] += 1 }
        return objects.values.filter { object in after.map { object.head.id.rawValue > $0.rawValue } ?? true }
            .sorted { $0.head.id.rawValue < $1.head.id.rawValue }.prefix(limit).map { object in
                RawObject(
                    id: object.head.id, kind: object.head.kind.rawValue, label: object.head.label,
                    content: object.content, target: object.target,
                    targetExists: object.target.map { objects[$0] != nil } ?? false,
                    blobs: object.blobs.map(\.hash.bytes), names: names[object.head.id] ?? 0)
            }
    }
}
