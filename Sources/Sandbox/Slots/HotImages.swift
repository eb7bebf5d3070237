internal import Synchronization

/// The images that are called often, each put together in one memory file. The least recently chosen one makes room.
final class HotImages: Sendable {
    /// Calls after which an image counts as hot: putting it together costs as much as some hundred resets save.
    static let threshold = 100
    /// How many images are kept in one piece, each of the size of its memory's used part (some 9 MiB).
    static let maximumCount = 8

    private let images = Mutex<[Image]>([])

    /// Counts a call of `image`, and puts it together where it has become hot. To be called off a call's critical path.
    func noteCall(of image: Image) {
        let calls = image.countCall()
        // One that had to make room earlier may come back.
        guard calls >= Self.threshold, calls % Self.threshold == 0, !image.isWhole else { return }
        image.assemble()
        let removed = images.withLock { images -> Image? in
            images.append(image)
            return images.count > Self.maximumCount ? images.removeFirst() : nil
        }
        removed?.disassemble()
    }

    func forget(_ image: Image) {
        images.withLock { $0.removeAll { $0 === image } }
        image.disassemble()
    }
}
