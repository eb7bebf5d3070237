import Blobs
import Labels
import Model
import Storage

/// Something that the server notes for itself.
public struct ServerRecord: Sendable {
    /// Without a slash.
    public var name: String
    public var content: [UInt8]
    /// Blobs that stay for as long as it has them.
    public var uploads: [Upload]

    public init(name: String, content: [UInt8], uploads: [Upload]) {
        self.name = name
        self.content = content
        self.uploads = uploads
    }
}

/// Records are in the store of the labelled objects, in a directory that no path leads to: what was kept is on disk.
extension LabelledFiles {
    /// Stores a record of a new name.
    public func keep(_ record: ServerRecord) async throws {
        for (number, upload) in record.uploads.enumerated() {
            let blob = upload.blob
            let named = NamedBlob(hash: blob.hash, label: blob.label.description, length: blob.length)
            try await keep(StoredObject(head: .record(.blob), blobs: [named]), Self.uploadName(record.name, number))
        }
        // Last, so that whoever finds it finds all of it.
        try await keep(StoredObject(head: .record(.file), content: record.content), record.name)
    }

    /// Overwrites a record, and lets go of its uploads, of which it had so many.
    public func rewrite(record name: String, _ content: [UInt8], uploads count: Int) async throws {
        guard let head = try await store.walk(from: .records, [ObjectStep(name: name)]).first else { return }
        _ = try await store.write(content, to: head.id)
        for number in 0..<count { _ = try await store.unlink(Self.uploadName(name, number), from: .records) }
    }

    public func drop(record name: String) async throws { _ = try await store.unlink(name, from: .records) }

    /// All records, in the order of their names. Uploads without a record are let go.
    public func records() async throws -> [ServerRecord] {
        var records: [ServerRecord] = []
        var uploads: [String: [Upload]] = [:]
        let entries = try await store.entries(of: .records)
        for entry in entries {
            guard let object = try await store.object(entry.object.id) else { continue }
            switch object.head.kind {
            case .blob: uploads[Self.recordName(entry.name), default: []] += try object.blobs.compactMap(upload)
            default: records.append(ServerRecord(name: entry.name, content: object.content, uploads: []))
            }
        }
        for index in records.indices { records[index].uploads = uploads.removeValue(forKey: records[index].name) ?? [] }
        for entry in entries where uploads[Self.recordName(entry.name)] != nil {
            _ = try await store.unlink(entry.name, from: .records)
        }
        return records
    }

    private func keep(_ object: StoredObject, _ name: String) async throws {
        let link = ObjectLink(parent: .directory(.records), name: name, target: object.head.id, new: object)
        if try await store.link(link) != .missing { return }
        do { try await store.add(StoredObject(head: .records)) } catch let error as StorageError {
            guard error.code == .alreadyExists else { throw error }
        }
        _ = try await store.link(link)
    }

    private func upload(_ named: NamedBlob) throws -> Upload? {
        guard let reader = try blobs.read(named.hash), let label = try? Label(parsing: named.label) else { return nil }
        return Upload(blob: OpenBlob(reader: reader, label: label, seal: seals.note(named.hash, label)))
    }

    /// Three digits, so that the order of the names is that of the uploads.
    private static func uploadName(_ record: String, _ number: Int) -> String {
        "\(record)/\(String(1000 + number).dropFirst())"
    }

    private static func recordName(_ upload: String) -> String { String(upload.prefix { $0 != "/" }) }
}

extension ObjectID {
    /// Of the directory of the records.
    static let records = ObjectID(rawValue: 1)
}

extension ObjectHead {
    /// Nobody may see it.
    private static func hidden(_ id: ObjectID, _ kind: ObjectKind) -> ObjectHead {
        ObjectHead(id: id, kind: kind, label: Label.top.description, owner: Component.false.description)
    }

    fileprivate static let records = hidden(.records, .directory)
    fileprivate static func record(_ kind: ObjectKind) -> ObjectHead { hidden(.random(), kind) }
}
