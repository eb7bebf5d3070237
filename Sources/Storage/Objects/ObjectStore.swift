public import Model

/// One step of a path. What is met decides which of both counts.
public struct ObjectStep: Hashable, Sendable {
    /// In a directory.
    public var name: String?
    /// In a faceted directory: the canonical text of a label.
    public var facet: String?

    public init(name: String? = nil, facet: String? = nil) {
        self.name = name
        self.facet = facet
    }

    /// What the step says in an object of this kind; nil: nothing, as it has no such entries.
    public func name(in kind: ObjectKind) -> String? {
        switch kind {
        case .directory: name
        case .facetedDirectory: facet
        case .file, .gate, .service, .blob: nil
        }
    }
}

/// Where a name is to be.
public enum ObjectParent: Hashable, Sendable {
    case directory(ObjectID)
    /// The facet of this label, which is made with this owner where there is none yet.
    case facet(String, of: ObjectID, owner: String)
}

/// A name to be made, with the object where that is new.
public struct ObjectLink: Sendable {
    public var parent: ObjectParent
    public var name: String
    public var target: ObjectID
    /// Stored with the name, or not at all; its id is `target`.
    public var new: StoredObject?

    public init(parent: ObjectParent, name: String, target: ObjectID, new: StoredObject? = nil) {
        self.parent = parent
        self.name = name
        self.target = target
        self.new = new
    }
}

/// What became of a link.
public enum LinkOutcome: Hashable, Sendable {
    case linked
    /// The name is taken; nothing was changed.
    case taken
    /// The directory or the target is gone; nothing was changed.
    case missing
}

/// The objects of the labelled file system and their names. It knows no rules: labels are texts to it.
///
/// Every change is atomic, and on disk when its method returns. Of several links of one name, exactly one is made.
public protocol ObjectStore: Sendable {
    /// Follows a path from an object, all in one snapshot. What was found, in order: fewer than `steps` where a step
    /// leads nowhere.
    func walk(from start: ObjectID, _ steps: [ObjectStep]) async throws -> [ObjectHead]
    func object(_ id: ObjectID) async throws -> StoredObject?
    /// What a directory holds, by the bytes of the names.
    func entries(of directory: ObjectID) async throws -> [ObjectEntry]
    /// Stores an object that has no name yet. `alreadyExists` where the id is known.
    func add(_ object: StoredObject) async throws
    func link(_ link: ObjectLink) async throws -> LinkOutcome
    /// False: there is no such name.
    func unlink(_ name: String, from directory: ObjectID) async throws -> Bool
    /// Overwrites a file, whatever it held, and returns how many bytes that were; nil where it is gone.
    func write(_ content: [UInt8], to file: ObjectID) async throws -> Int?
    /// Replaces what an object holds, and counts its version up. False where it is gone, or has another version by now.
    func replace(_ object: StoredObject) async throws -> Bool
    /// How objects name a blob, each way once.
    func names(of hash: BlobHash) async throws -> [NamedBlob]
    /// Every blob that an object names.
    func namedBlobs() async throws -> Set<BlobHash>
    /// The sum of `StoredObject.bytes` by owner.
    func usage() async throws -> [String: Int]
    /// Removes the objects that neither the root nor those of `held` lead to, and returns how many. `held` is asked
    /// inside of the change.
    func sweep(held: @escaping @Sendable () -> Set<ObjectID>) async throws -> Int
    /// Objects as they lie in the store, by id, for a check of everything; only those after this one.
    func rawObjects(after: ObjectID?, limit: Int) async throws -> [RawObject]
    /// Names whose directory or object is missing.
    func danglingEntries(limit: Int) async throws -> [RawEntry]
}

/// An object as it lies in a store, sound or not.
public struct RawObject: Hashable, Sendable {
    public var id: ObjectID
    public var kind: Int
    public var label: String?
    public var content: [UInt8]
    public var target: ObjectID?
    /// Whether there is an object of the id `target`.
    public var targetExists: Bool
    public var blobs: [[UInt8]]
    /// The names that lead here, of all directories.
    public var names: Int

    public init(
        id: ObjectID, kind: Int, label: String?, content: [UInt8], target: ObjectID?, targetExists: Bool,
        blobs: [[UInt8]], names: Int
    ) {
        self.id = id
        self.kind = kind
        self.label = label
        self.content = content
        self.target = target
        self.targetExists = targetExists
        self.blobs = blobs
        self.names = names
    }
}

/// A name as it lies in a store.
public struct RawEntry: Hashable, Sendable {
    public var parent: ObjectID
    public var name: String
    public var child: ObjectID

    public init(parent: ObjectID, name: String, child: ObjectID) {
        self.parent = parent
        self.name = name
        self.child = child
    }
}
