internal import Model

/// Puts together what a guest sends of an answer while it makes it. The first parts of each while go at once; where there are
/// very many, they go when they are enough together, or when the guest is about to wait.
struct AnswerParts {
    /// So many parts go at once in each window, whose length is in nanoseconds.
    static let promptParts = 16
    static let window: Int64 = 100_000_000
    /// Bytes that are held at most before they go.
    static let heldBytes = 64 << 10
    /// Bytes that go in one piece.
    static let pieceBytes = 256 << 10
    /// Bytes of one answer. Nobody keeps them: functions may send what the largest answer may have.
    static let maximumBytes = FunctionLimits.maximum.outputBytes

    private(set) var held: [UInt8] = []
    private var takenBytes = 0
    private var windowStart = Int64.min
    private var sentInWindow = 0

    /// Whether an answer that has what came so far may have so many bytes more.
    func mayTake(_ count: Int) -> Bool { count <= Self.maximumBytes - takenBytes }

    /// Takes a part. True: what is held is to go now.
    mutating func take(_ part: [UInt8], now: Int64) -> Bool {
        takenBytes += part.count
        held += part
        if windowStart == .min || now - windowStart >= Self.window { (windowStart, sentInWindow) = (now, 0) }
        sentInWindow += 1
        return sentInWindow <= Self.promptParts || held.count >= Self.heldBytes
    }

    /// What is held, in pieces; nothing is from now on.
    mutating func release() -> [[UInt8]] {
        let bytes = held
        held.removeAll(keepingCapacity: true)
        return stride(from: 0, to: bytes.count, by: Self.pieceBytes).map {
            Array(bytes[$0..<min($0 + Self.pieceBytes, bytes.count)])
        }
    }
}
