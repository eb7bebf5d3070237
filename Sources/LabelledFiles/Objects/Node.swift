import Labels
import Model
import Storage

/// What a path or a handle leads to.
enum Node: Sendable {
    case object(ObjectHead, Label)
    case faceted(ObjectHead)
    /// The directory of a faceted one that has exactly this label; it need not exist yet.
    case facet(Label, of: ObjectHead)

    static let rootLabel = Label.bottom
    static let root = Node.object(
        ObjectHead(id: .root, kind: .directory, label: rootLabel.description, owner: Component.false.description),
        rootLabel)

    init(_ head: ObjectHead) throws {
        guard head.kind != .facetedDirectory else {
            self = .faceted(head)
            return
        }
        do {
            self = .object(head, try Label(parsing: head.label ?? ""))
        } catch {
            throw StorageError(.corrupt, "The label of an object cannot be read: \(error.message)")
        }
    }

    var kind: ObjectKind {
        switch self {
        case .object(let head, _): head.kind
        case .faceted: .facetedDirectory
        case .facet: .directory
        }
    }

    /// The object that keeps this from being collected.
    var head: ObjectHead {
        switch self {
        case .object(let head, _), .faceted(let head), .facet(_, let head): head
        }
    }

    /// The object and its label where it is of this kind, which a facet never is.
    func object(_ kind: ObjectKind, or code: FileCode) throws(FileRefusal) -> (head: ObjectHead, label: Label) {
        guard case .object(let head, let label) = self, head.kind == kind else { throw FileRefusal(code) }
        return (head, label)
    }
}

/// A directory that names are looked up, made or removed in.
struct Folder: Sendable {
    let parent: ObjectParent
    let label: Label
}
