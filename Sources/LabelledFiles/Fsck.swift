public import Blobs
import Labels
import Model
public import Storage

/// Something that is not as it must be.
public struct FsckFinding: Hashable, Sendable {
    public enum Problem: String, Hashable, Sendable, CaseIterable {
        case root = "the root is missing or wrong"
        case kind = "an object has an unknown kind"
        case label = "an object has a label that cannot be read, or is not written as it must be"
        case content = "the content of an object cannot be read"
        case target = "a redirect gate leads to nothing"
        case dangling = "a name leads to nothing, or is in nothing"
        case facet = "a facet is not labelled as it is named"
        case blobMissing = "a named blob is missing"
        case blobDamaged = "a blob has other bytes than its name says"
        case stranger = "a file among the blobs is none"
    }

    public var problem: Problem
    /// Which object, name or blob.
    public var subject: String
}

/// What a check looked at and found.
public struct FsckReport: Hashable, Sendable {
    public var objects = 0
    public var blobs = 0
    public var findings: [FsckFinding] = []
}

extension LabelledFiles {
    /// Checks every object, name and blob, and changes nothing. What is going on meanwhile may be found half done.
    public func check() async throws -> FsckReport { try await Fsck(store: store, blobs: blobs).report() }
}

/// A check of a labelled file system, whether a server has it or not.
public struct Fsck: Sendable {
    private let store: any ObjectStore
    private let blobs: BlobFolder

    public init(store: any ObjectStore, blobs: BlobFolder) {
        self.store = store
        self.blobs = blobs
    }

    /// Looks at everything, and changes nothing.
    public func report() async throws -> FsckReport {
        var report = FsckReport()
        var after: ObjectID?
        var named: Set<BlobHash> = []
        while true {
            let page = try await store.rawObjects(after: after, limit: 256)
            guard let last = page.last else { break }
            if after == nil, !Self.isRoot(page[0]) { report.add(.root, "object 0") }
            for object in page {
                report.objects += 1
                try await check(object, &report)
                named.formUnion(object.blobs.compactMap { BlobHash(bytes: $0) })
            }
            after = last.id
        }
        if after == nil { report.add(.root, "object 0") }
        for entry in try await store.danglingEntries(limit: 10_000) {
            report.add(.dangling, "\(Self.name(entry.parent)): \(entry.name)")
        }
        try checkBlobs(named, &report)
        return report
    }

    private static func isRoot(_ object: RawObject) -> Bool {
        object.id == .root && object.kind == ObjectKind.directory.rawValue
            && object.label == Node.rootLabel.description
    }

    private func check(_ object: RawObject, _ report: inout FsckReport) async throws {
        let name = Self.name(object.id)
        guard let kind = ObjectKind(rawValue: object.kind) else { return report.add(.kind, name) }
        if kind == .facetedDirectory {
            if object.label != nil { report.add(.label, name) }
            for entry in try await store.entries(of: object.id)
            where entry.object.kind != .directory || entry.object.label != entry.name {
                report.add(.facet, "\(name): \(entry.name)")
            }
        } else if let text = object.label, let label = try? Label(parsing: text), label.description == text {
            checkContent(object, kind, name, &report)
        } else {
            report.add(.label, name)
        }
        if object.target != nil, !object.targetExists { report.add(.target, name) }
    }

    private func checkContent(
        _ object: RawObject, _ kind: ObjectKind, _ name: String, _ report: inout FsckReport
    ) {
        let blobs = object.blobs.compactMap { BlobHash(bytes: $0) }
        let isSound =
            switch kind {
            case .directory, .facetedDirectory: object.content.isEmpty && object.blobs.isEmpty
            case .file: object.blobs.isEmpty
            case .blob: object.content.isEmpty && blobs.count == 1
            case .service: (try? ObjectContent.decode(Service.self, object.content)) != nil
            case .gate:
                (try? ObjectContent.decode(Gate.self, object.content)).map {
                    ($0.function == nil) == (object.target != nil)
                } ?? false
            }
        if !isSound || blobs.count != object.blobs.count { report.add(.content, name) }
    }

    private func checkBlobs(_ named: Set<BlobHash>, _ report: inout FsckReport) throws {
        let (stored, others) = try blobs.stored()
        for hash in stored {
            report.blobs += 1
            if try blobs.verify(hash) == false { report.add(.blobDamaged, hash.description) }
        }
        for hash in named.subtracting(stored).sorted(by: { $0.description < $1.description })
        where try blobs.read(hash) == nil {
            report.add(.blobMissing, hash.description)
        }
        for other in others { report.add(.stranger, other) }
    }

    private static func name(_ id: ObjectID) -> String { "object \(String(id.rawValue, radix: 16))" }
}

extension FsckReport {
    fileprivate mutating func add(_ problem: FsckFinding.Problem, _ subject: String) {
        findings.append(FsckFinding(problem: problem, subject: subject))
    }
}
