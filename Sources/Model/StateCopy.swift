public import Kernel

/// The value of a key of shared state, for workers to read it without asking. It is good as long as its place among the
/// generations holds the generation that it was made at.
public struct StateCopy: Sendable {
    /// Where the bytes are.
    public enum Content: Sendable {
        case bytes([UInt8])
        /// Memory that nobody can change, of as many bytes.
        case file(Descriptor)
    }

    public var key: StateKey
    /// The generations of all keys, for who can map them.
    public var generations: Descriptor
    public var place: Int
    public var generation: UInt64
    public var content: Content

    public init(key: StateKey, generations: Descriptor, place: Int, generation: UInt64, content: Content) {
        self.key = key
        self.generations = generations
        self.place = place
        self.generation = generation
        self.content = content
    }
}
