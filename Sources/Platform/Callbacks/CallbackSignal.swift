/// Rings where callbacks may be due.
struct CallbackSignal: Sendable {
    private let signal = Signal()

    func wake() { signal.ring() }

    var rings: AsyncStream<Void> { signal.rings }
}
