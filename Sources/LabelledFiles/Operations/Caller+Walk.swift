import Labels
import Storage

/// Finding what a path leads to.
extension Caller {
    /// Follows a path from the root or another directory, tainted by every directory on the way.
    mutating func resolve(_ path: FilePath, from start: Node = .root) async throws -> Node {
        try await walk(from: start, path.steps(label: label, privilege: privilege))
    }

    mutating func walk(from start: Node, _ steps: [FilePath.Step]) async throws -> Node {
        guard !steps.isEmpty else { return start }
        let asked = steps.map { ObjectStep(name: $0.name, facet: $0.facet?.description) }
        // A facet is found again on the way from its faceted directory.
        var heads: [ObjectHead]
        var node = start
        if case .facet(let label, let faceted) = start {
            heads = try await files.store.walk(
                from: faceted.id, [ObjectStep(facet: label.description)] + asked)
            if !heads.isEmpty { heads.removeFirst() }
        } else {
            heads = try await files.store.walk(from: start.head.id, asked)
        }
        for (index, step) in steps.enumerated() {
            let head = index < heads.count ? heads[index] : nil
            switch node {
            case .faceted(let faceted):
                guard let facet = step.facet else { throw FileRefusal(.badPath) }
                node = .facet(facet, of: faceted)
            case .facet(let label, _):
                node = try next(step, head, in: label)
            case .object(let directory, let label):
                guard directory.kind == .directory else { throw FileRefusal(.notADir) }
                node = try next(step, head, in: label)
            }
        }
        return node
    }

    private mutating func next(
        _ step: FilePath.Step, _ head: ObjectHead?, in directory: Label
    ) throws -> Node {
        try apply(.traverse(directory: directory))
        guard step.name != nil else { throw FileRefusal(.notAFacetedDir) }
        guard let head else { throw FileRefusal(.doesNotExist) }
        return try Node(head)
    }

    /// The directory in which a name is to be made, linked or removed, and the name.
    mutating func parent(of path: FilePath) async throws -> (folder: Folder, name: String) {
        guard let (parent, last) = path.split, case .step(let step) = last, let name = step.name else {
            throw FileRefusal(.badPath)
        }
        return (try folder(try await resolve(parent)), name)
    }

    /// A node as a directory; a faceted one stands for its default facet.
    func folder(_ node: Node) throws(FileRefusal) -> Folder {
        switch node {
        case .object(let head, let label):
            guard head.kind == .directory else { throw FileRefusal(.notADir) }
            return Folder(parent: .directory(head.id), label: label)
        case .faceted(let head):
            return facet(try endorsedLabel(), of: head)
        case .facet(let label, let head):
            return facet(label, of: head)
        }
    }

    private func facet(_ label: Label, of faceted: ObjectHead) -> Folder {
        Folder(parent: .facet(label.description, of: faceted.id, owner: owner), label: label)
    }

    /// The object of a directory that may be a facet without one; to know that is to have looked into it.
    mutating func stored(_ node: Node) async throws -> ObjectHead? {
        guard case .facet(let label, let faceted) = node else { return node.head }
        try apply(.traverse(directory: label))
        return try await files.store.walk(from: faceted.id, [ObjectStep(facet: label.description)]).first
    }
}
