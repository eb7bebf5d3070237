import Blobs
import Labels
import Model
import Storage

/// Where the bytes of a blob are to come from.
enum BlobSource: Sendable {
    case hash(BlobHash)
    case node(Node)
    case open(OpenBlob)
}

/// Blobs and their entries.
extension Caller {
    func createBlob() throws -> BlobWriter { try refusing { try files.blobs.write(room(0)) } }

    /// Seals what was written: its bytes have the current label.
    func seal(_ writer: BlobWriter) async throws -> OpenBlob {
        do {
            let sealed = try await writer.seal()
            guard let reader = try files.blobs.read(sealed.hash) else { throw FileRefusal(.doesNotExist) }
            return OpenBlob(
                reader: reader, label: label, seal: files.seals.note(sealed.hash, label),
                reservation: sealed.reservation)
        } catch let error as BlobError {
            throw error.refusal
        }
    }

    /// Opens a blob by its hash, if this caller may know that there is one.
    ///
    /// Which label its bytes have says that somebody under that label sealed them. So it is known only to those who may
    /// see, by their privilege at least, what has that label: to all others there is no such blob.
    mutating func open(_ hash: BlobHash) async throws -> OpenBlob {
        var labels = files.seals.labels(of: hash)
        for named in try await files.store.names(of: hash) { labels.append(try Label(parsing: named.label)) }
        labels = Set(labels).sorted { $0.description < $1.description }
        guard
            let chosen = labels.first(where: { $0.canFlow(to: label) })
                ?? labels.first(where: { $0.canFlow(to: label, with: privilege) })
        else {
            for hidden in labels.prefix(1) { note(.openByHash(hidden), "it has another label", under: hidden) }
            throw FileRefusal(.doesNotExist)
        }
        try apply(.openByHash(chosen))
        return try reader(hash)
    }

    /// Opens the blob that an entry names.
    mutating func open(entry node: Node) async throws -> OpenBlob {
        let (head, label) = try node.object(.blob, or: .notABlob)
        try apply(.read(label))
        guard let named = try await files.store.object(head.id)?.blobs.first else { throw FileRefusal(.doesNotExist) }
        return try reader(named.hash)
    }

    mutating func open(_ source: BlobSource) async throws -> OpenBlob {
        switch source {
        case .hash(let hash): try await open(hash)
        case .node(let node): try await open(entry: node)
        case .open(let blob): blob
        }
    }

    private func reader(_ hash: BlobHash) throws -> OpenBlob {
        guard let reader = try refusing({ try files.blobs.read(hash) }) else { throw FileRefusal(.doesNotExist) }
        return OpenBlob(reader: reader, label: label)
    }

    /// A new entry of a blob, which is not stored yet.
    mutating func newEntry(of blob: OpenBlob, label own: Label) throws -> StoredObject {
        try apply(.makeBlob(own))
        var entry = new(.blob, own)
        entry.blobs = [named(blob)]
        return entry
    }

    func named(_ blob: OpenBlob) -> NamedBlob {
        NamedBlob(hash: blob.hash, label: blob.label.description, length: blob.length)
    }

    /// Lets an entry name another blob.
    mutating func replace(entry node: Node, by blob: OpenBlob) async throws {
        let (head, label) = try node.object(.blob, or: .notABlob)
        try apply(.replaceBlob(label))
        try await replace(head, naming: blob) { object in
            // What the entry was labelled for before counts too: that it is gone shows that this was done.
            let before = object.blobs.map { NamedBlob(hash: blob.hash, label: $0.label, length: blob.length) }
            object.blobs = Array((before + [named(blob)]).suffix(2))
        }
    }

    /// Changes an object against whatever it holds when that is done.
    func replace(
        _ head: ObjectHead, naming blob: OpenBlob? = nil, _ change: (inout StoredObject) throws -> Void
    ) async throws {
        for _ in 0..<Self.maximumTries {
            guard var object = try await files.store.object(head.id) else { throw FileRefusal(.doesNotExist) }
            let before = object.bytes
            try change(&object)
            object = try tainted(object)
            if head.kind == .blob { object.blobs = Array(object.blobs.suffix(1)) }
            let room = try room(object.bytes - before, of: head.owner, naming: blob)
            if try await files.store.replace(object) { return room.commit() }
        }
        throw FileRefusal(.busy)
    }

    private static let maximumTries = 16

    /// Turns what the blob folder refuses into what a function is told; failures of the disk go on.
    private func refusing<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as BlobError { throw error.refusal }
    }
}

extension BlobError {
    /// What a function is told, where it is to blame.
    var refusal: any Error {
        switch code {
        case .quotaExceeded: FileRefusal(.quotaExceeded)
        case .closed: FileRefusal(.malformed)
        case .unavailable, .corrupt: self
        }
    }
}
