import Labels
import Model
import Storage

/// The operations on paths: each makes and links in one step.
extension Caller {
    mutating func createFaceted(_ path: FilePath) async throws {
        let (folder, name) = try await parent(of: path)
        try apply(.make)
        try await link(new: new(.facetedDirectory, nil), name, in: folder)
    }

    /// Where no label is given, it is the current one after the parent was found.
    mutating func createDirectory(_ path: FilePath, label: Label?) async throws {
        let (folder, name) = try await parent(of: path)
        try apply(.make)
        try await link(new: new(.directory, label ?? self.label), name, in: folder)
    }

    /// Returns the new, empty file.
    mutating func createFile(_ path: FilePath, label: Label?) async throws -> Node {
        let (folder, name) = try await parent(of: path)
        try apply(.make)
        let file = new(.file, label ?? self.label)
        try await link(new: file, name, in: folder)
        return try Node(file.head)
    }

    mutating func delete(_ path: FilePath) async throws {
        let (folder, name) = try await parent(of: path)
        try await unlink(name, from: folder)
    }

    /// Gives what is at `source` another name; gates and services have one only.
    mutating func hardLink(_ source: FilePath, _ path: FilePath) async throws {
        let node = try await resolve(source)
        guard node.kind != .gate, node.kind != .service else { throw FileRefusal(.badPath) }
        let (folder, name) = try await parent(of: path)
        try await link(node, name, in: folder)
    }

    mutating func linkBlob(_ path: FilePath, _ blob: OpenBlob, label: Label?) async throws {
        let (folder, name) = try await parent(of: path)
        let entry = try newEntry(of: blob, label: label ?? self.label)
        try await link(new: entry, name, in: folder, naming: blob)
    }

    /// As ``linkBlob(_:_:label:)``, but an entry that has the name already is made to name this blob.
    mutating func placeBlob(_ path: FilePath, _ blob: OpenBlob, label: Label?) async throws {
        do { try await linkBlob(path, blob, label: label) } catch let error as FileRefusal
            where error.code == .linkExists
        {
            let (folder, name) = try await parent(of: path)
            try await replace(entry: walk(from: node(folder), [FilePath.Step(name: name)]), by: blob)
        }
    }

    /// A folder as something to walk from.
    private func node(_ folder: Folder) -> Node {
        switch folder.parent {
        case .directory(let id):
            .object(
                ObjectHead(id: id, kind: .directory, label: folder.label.description, owner: owner), folder.label)
        case .facet(_, let faceted, _):
            .facet(folder.label, of: ObjectHead(id: faceted, kind: .facetedDirectory, label: nil, owner: owner))
        }
    }

    mutating func createGate(_ path: FilePath, _ draft: GateDraft, label: Label?) async throws {
        let (folder, name) = try await parent(of: path)
        let gate = try await newGate(draft, label: label)
        try await link(new: gate, name, in: folder)
    }

    mutating func duplicateGate(_ original: FilePath, _ path: FilePath, _ policy: Policy) async throws {
        let node = try await resolve(original)
        let (folder, name) = try await parent(of: path)
        let gate = try await duplicate(node, policy)
        try await link(new: gate, name, in: folder)
    }

    mutating func createService(_ path: FilePath, _ service: Service, label: Label?) async throws {
        let (folder, name) = try await parent(of: path)
        let object = try newService(service, label: label ?? endorsedLabel())
        try await link(new: object, name, in: folder)
    }
}
