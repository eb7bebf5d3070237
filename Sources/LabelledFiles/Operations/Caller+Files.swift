import Blobs
import Labels
import Model
import Storage

/// Files, and the room that things take.
extension Caller {
    mutating func read(_ node: Node) async throws -> [UInt8] {
        let (head, label) = try node.object(.file, or: .notAFile)
        try apply(.read(label))
        guard let object = try await files.store.object(head.id) else { throw FileRefusal(.doesNotExist) }
        return object.content
    }

    /// Overwrites a file as a whole.
    mutating func write(_ bytes: [UInt8], to node: Node) async throws {
        let (head, label) = try node.object(.file, or: .notAFile)
        try apply(.writeFile(label))
        guard bytes.count <= files.limits.maximumFileBytes else { throw FileRefusal(.quotaExceeded) }
        guard let room = files.quota.reserve(bytes.count, for: head.owner) else {
            // Beside the old bytes there is no room for the new ones; in their place there may be.
            return try await replace(head) { $0.content = bytes }
        }
        guard let replaced = try await files.store.write(bytes, to: head.id) else {
            throw FileRefusal(.doesNotExist)
        }
        room.commit(replacing: replaced)
    }

    /// Room for so many bytes of this caller; `quotaExceeded` where there is not enough.
    func room(_ bytes: Int) throws(FileRefusal) -> Reservation {
        guard let room = files.quota.reserve(bytes, for: owner) else { throw FileRefusal(.quotaExceeded) }
        return room
    }

    /// Room for an object that takes so many bytes more. What was set aside for the blob that it names counts: it is not
    /// had twice.
    func room(_ growth: Int, of owner: String, naming blob: OpenBlob?) throws(FileRefusal) -> ObjectRoom {
        let lent = blob?.reservation?.bytes(for: owner) ?? 0
        guard let room = files.quota.reserve(max(0, growth - lent), for: owner) else {
            throw FileRefusal(.quotaExceeded)
        }
        return ObjectRoom(room: room, freed: max(0, lent - growth), lent: lent > 0 ? blob?.reservation : nil)
    }

    /// An object whose blobs may be opened by their hash only by those who may know what decided that it is there: what
    /// this caller knows by now, and whoever may change the object.
    func tainted(_ object: StoredObject) throws -> StoredObject {
        guard !object.blobs.isEmpty, case .object(_, let own) = try Node(object.head) else { return object }
        do {
            var seen = try label.join(own)
            for blob in object.blobs { seen = try seen.join(Label(parsing: blob.label)) }
            var object = object
            object.blobs = object.blobs.map { NamedBlob(hash: $0.hash, label: seen.description, length: $0.length) }
            return object
        } catch {
            throw FileRefusal(.malformed)
        }
    }
}

/// Room for an object, part of which may have been set aside for its blob before.
struct ObjectRoom {
    let room: Reservation
    /// Bytes that the object takes less than before.
    let freed: Int
    let lent: Reservation?

    /// The object is kept from now on.
    func commit() {
        room.commit(replacing: freed)
        lent?.commit()
    }
}
