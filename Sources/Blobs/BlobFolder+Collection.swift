import Crypto
import Glibc
public import Model

extension BlobFolder {
    /// What a collection removed.
    public struct Collected: Hashable, Sendable {
        public var blobs = 0
        public var bytes = 0
    }

    /// Removes the blobs that nobody names or holds. `named` is asked once, and must know all that is named when it is.
    ///
    /// Whoever is about to name a blob holds it, so that it makes no difference when its name is recorded. Throws what
    /// `named` throws; does nothing while another collection runs.
    public func collect(named: () async throws -> Set<BlobHash>) async throws -> Collected {
        guard pins.beginCollection() else { return Collected() }
        defer { pins.endCollection() }
        let named = try await named()
        var collected = Collected()
        for hash in try stored().blobs where !named.contains(hash) {
            let file = place(of: hash)
            var status = stat()
            guard stat(file, &status) == 0 else { continue }
            if pins.removeUnlessTouched(hash, { unlink(file) == 0 }) {
                collected.blobs += 1
                collected.bytes += Int(status.st_size)
            }
        }
        return collected
    }

    /// All blobs, by name; and the paths of files that are none.
    public func stored() throws(BlobError) -> (blobs: [BlobHash], others: [String]) {
        var blobs: [BlobHash] = []
        var others: [String] = []
        for folder in try Self.names(in: path) where folder != "incoming" {
            let names = try Self.names(in: "\(path)/\(folder)")
            if folder.utf8.count != 2 || Hexadecimal.bytes(folder) == nil { others.append(folder) }
            for name in names {
                if let hash = BlobHash(folder + name) { blobs.append(hash) } else { others.append("\(folder)/\(name)") }
            }
        }
        return (blobs, others)
    }

    /// Whether a blob is there and has the bytes that its name says; nil: it is not there.
    public func verify(_ hash: BlobHash) throws(BlobError) -> Bool? {
        guard let reader = try read(hash) else { return nil }
        var hasher = SHA256()
        for offset in stride(from: 0, to: reader.length, by: 1 << 20) {
            hasher.update(data: try reader.bytes(at: offset, count: 1 << 20))
        }
        return Array(hasher.finalize()) == hash.bytes
    }
}
