import Blobs
import Labels
import Storage

/// A name that a directory holds.
public struct ListedName: Hashable, Sendable {
    public var name: String
    /// The number of `ObjectKind`.
    public var kind: UInt8
    /// The text of the object's label; nil for a faceted directory. Whoever may read the directory may know it.
    public var label: String?
}

/// Directories, faceted ones, and their names.
extension Caller {
    /// What a directory holds, by the bytes of the names.
    mutating func list(_ node: Node) async throws -> [ListedName] {
        if case .faceted = node { throw FileRefusal(.notADir) }
        if case .object(let head, let label) = node {
            guard head.kind == .directory else { throw FileRefusal(.notADir) }
            try apply(.traverse(directory: label))
        }
        guard let head = try await stored(node) else { return [] }
        return try await names(in: head.id)
    }

    private func names(in directory: ObjectID) async throws -> [ListedName] {
        try await files.store.entries(of: directory).map {
            ListedName(name: $0.name, kind: UInt8($0.object.kind.rawValue), label: $0.object.label)
        }
    }

    /// The facets in use that may flow to `clearance`, each with the names in it where they are asked for.
    mutating func listFacets(
        _ node: Node, clearance: Label, withNames: Bool = false
    ) async throws -> [(label: Label, names: [ListedName])] {
        guard case .faceted(let faceted) = node else { throw FileRefusal(.notAFacetedDir) }
        try apply(.listFacets(clearance: clearance))
        var facets: [(Label, [ListedName])] = []
        for entry in try await files.store.entries(of: faceted.id) {
            guard case .object(_, let label) = try Node(entry.object), label.canFlow(to: clearance) else { continue }
            facets.append((label, withNames ? try await names(in: entry.object.id) : []))
        }
        return facets
    }

    /// Gives an object a name.
    mutating func link(_ node: Node, _ name: String, in folder: Folder) async throws {
        try FilePath.check(name)
        guard let head = try await stored(node) else { throw FileRefusal(.doesNotExist) }
        try apply(.link(directory: folder.label))
        try await made(ObjectLink(parent: folder.parent, name: name, target: head.id))
    }

    mutating func unlink(_ name: String, from folder: Folder) async throws {
        try FilePath.check(name)
        try apply(.unlink(directory: folder.label))
        let directory: ObjectID?
        switch folder.parent {
        case .directory(let id): directory = id
        case .facet(let label, let faceted, _):
            directory = try await files.store.walk(from: faceted, [ObjectStep(facet: label)]).first?.id
        }
        guard let directory, try await files.store.unlink(name, from: directory) else {
            throw FileRefusal(.doesNotExist)
        }
    }

    /// Stores a name once its rule was applied.
    private func made(_ link: ObjectLink) async throws {
        switch try await files.store.link(link) {
        case .linked: return
        case .taken: throw FileRefusal(.linkExists)
        case .missing: throw FileRefusal(.doesNotExist)
        }
    }

    /// Stores a new object with its name; `blob` is the one that it names.
    mutating func link(
        new object: StoredObject, _ name: String, in folder: Folder, naming blob: OpenBlob? = nil
    ) async throws {
        try FilePath.check(name)
        try apply(.link(directory: folder.label))
        let object = try tainted(object)
        let room = try room(object.bytes, of: owner, naming: blob)
        try await made(
            ObjectLink(parent: folder.parent, name: name, target: object.head.id, new: object))
        room.commit()
    }

    /// Stores a new object without a name; `blob` is the one that it names.
    func add(_ object: StoredObject, naming blob: OpenBlob? = nil) async throws -> Node {
        let object = try tainted(object)
        let room = try room(object.bytes, of: owner, naming: blob)
        try await files.store.add(object)
        room.commit()
        return try Node(object.head)
    }

    /// A new object of this caller.
    func new(_ kind: ObjectKind, _ label: Label?) -> StoredObject {
        StoredObject(head: ObjectHead(id: .random(), kind: kind, label: label?.description, owner: owner))
    }
}
