import Storage
import Synchronization

/// Which objects functions hold handles of, so that a collection leaves them alone.
final class HeldObjects: Sendable {
    private let counts = Mutex<[ObjectID: Int]>([:])

    var ids: Set<ObjectID> { counts.withLock { Set($0.keys) } }

    func hold(_ id: ObjectID) -> HeldObject {
        counts.withLock { $0[id, default: 0] += 1 }
        return HeldObject(id, self)
    }

    fileprivate func release(_ id: ObjectID) {
        counts.withLock { counts in
            let count = (counts[id] ?? 1) - 1
            counts[id] = count == 0 ? nil : count
        }
    }
}

/// Keeps an object from being collected for as long as it exists.
final class HeldObject: Sendable {
    private let id: ObjectID
    private let objects: HeldObjects

    fileprivate init(_ id: ObjectID, _ objects: HeldObjects) {
        self.id = id
        self.objects = objects
    }

    deinit { objects.release(id) }
}
