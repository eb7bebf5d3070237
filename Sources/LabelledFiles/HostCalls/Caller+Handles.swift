import Blobs
import Labels
import Model
import Storage

/// Handles, as functions hold them.
extension Caller {
    /// 0 is the root.
    func node(_ handle: UInt32) throws(FileRefusal) -> Node {
        if handle == 0 { return .root }
        guard case .node(let node, _) = handles[handle] else { throw FileRefusal(.invalidHandle) }
        return node
    }

    /// A node of these kinds.
    func node(_ handle: UInt32, _ kinds: Set<ObjectKind>) throws(FileRefusal) -> Node {
        let node = try node(handle)
        guard kinds.contains(node.kind) else { throw FileRefusal(.invalidHandle) }
        return node
    }

    func blob(_ handle: UInt32) throws(FileRefusal) -> OpenBlob {
        guard case .blob(let blob) = handles[handle] else { throw FileRefusal(.invalidHandle) }
        return blob
    }

    func writer(_ handle: UInt32) throws(FileRefusal) -> BlobWriter {
        guard case .writer(let writer) = handles[handle] else { throw FileRefusal(.invalidHandle) }
        return writer
    }

    /// A sealed blob, or an entry of one.
    func blobSource(_ handle: UInt32) throws(FileRefusal) -> BlobSource {
        if case .blob(let blob) = handles[handle] { return .open(blob) }
        return .node(try node(handle, [.blob]))
    }

    mutating func add(_ node: Node) throws(FileRefusal) -> UInt32 {
        try handles.add(.node(node, files.held.hold(node.head.id)))
    }

    /// Makes a blob that came with a request, or that something else sealed for this caller, into a handle.
    mutating func adopt(_ blob: OpenBlob) throws(FileRefusal) -> UInt32 { try handles.add(.blob(blob)) }

    mutating func close(_ handle: UInt32) throws(FileRefusal) {
        guard handle == 0 || handles.close(handle) else { throw FileRefusal(.invalidHandle) }
    }
}
