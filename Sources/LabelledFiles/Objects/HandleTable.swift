import Blobs
import Labels
import Model
import Storage

/// What a handle stands for.
enum Handle: Sendable {
    case node(Node, HeldObject)
    case writer(BlobWriter)
    case blob(OpenBlob)
}

/// A blob that may be read and linked.
struct OpenBlob: Sendable {
    let reader: BlobReader
    /// The label under which its bytes came to this function.
    let label: Label
    /// Of a blob that this function sealed.
    var seal: LiveSeal?
    /// The room that is set aside for it until it is linked.
    var reservation: Reservation?

    var hash: BlobHash { reader.hash }
    var length: Int { reader.length }
}

/// What is left of a sealed blob whose handle was closed: it can be opened by its hash to the end, as before.
private struct KeptSeal: Sendable {
    struct Key: Hashable {
        let hash: BlobHash
        let label: Label
    }

    let pin: BlobPin
    let seal: LiveSeal
    let reservation: Reservation?
}

/// The handles of one invocation: one space of numbers, none of which is given twice.
struct HandleTable: Sendable {
    static let maximumHandles = 4096
    /// Each is an open file.
    static let maximumBlobs = 128

    private var handles: [UInt32: Handle] = [:]
    private var sealed: [KeptSeal.Key: KeptSeal] = [:]
    private var blobCount = 0
    private var last: UInt32 = 0

    /// - Throws: `busy` where a function holds too many.
    mutating func add(_ handle: Handle) throws(FileRefusal) -> UInt32 {
        guard handles.count < Self.maximumHandles, last < .max else { throw FileRefusal(.busy) }
        if handle.isBlob {
            guard blobCount < Self.maximumBlobs else { throw FileRefusal(.busy) }
            blobCount += 1
        }
        last += 1
        handles[last] = handle
        return last
    }

    subscript(number: UInt32) -> Handle? { handles[number] }

    /// Puts a sealed blob in the place of its writer.
    mutating func replace(_ number: UInt32, by handle: Handle) { handles[number] = handle }

    /// False where there is no such handle.
    mutating func close(_ number: UInt32) -> Bool {
        guard let handle = handles.removeValue(forKey: number) else { return false }
        if handle.isBlob { blobCount -= 1 }
        if case .blob(let blob) = handle, let seal = blob.seal {
            sealed[KeptSeal.Key(hash: blob.hash, label: blob.label)] =
                KeptSeal(pin: blob.reader.pin, seal: seal, reservation: blob.reservation)
        }
        return true
    }
}

extension Handle {
    fileprivate var isBlob: Bool {
        switch self {
        case .node: false
        case .writer, .blob: true
        }
    }
}
