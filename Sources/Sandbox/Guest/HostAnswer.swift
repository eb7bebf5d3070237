/// What a guest gets for a request: bytes, and behind them a part of a copy of shared state, which is not copied before it
/// must be.
struct HostAnswer {
    private let bytes: [UInt8]
    private let copy: HeldCopy?
    private let range: Range<Int>

    init(_ bytes: [UInt8]) { self.init(bytes, then: nil, 0..<0) }

    /// `range` is one of the copy's.
    init(_ bytes: [UInt8], then copy: HeldCopy?, _ range: Range<Int>) {
        self.bytes = bytes
        self.copy = copy
        self.range = range
    }

    var count: Int { bytes.count + range.count }

    /// All of it in one piece.
    var joined: [UInt8] {
        guard copy != nil else { return bytes }
        return [UInt8](unsafeUninitializedCapacity: count) { room, count in
            copy(to: UnsafeMutableRawBufferPointer(room))
            count = self.count
        }
    }

    /// Puts it into room for `count` bytes.
    func copy(to room: UnsafeMutableRawBufferPointer) {
        room.copyBytes(from: bytes)
        copy?.withBytes { value in
            let rest = UnsafeMutableRawBufferPointer(rebasing: room[bytes.count...])
            rest.copyMemory(from: UnsafeRawBufferPointer(rebasing: value[range]))
        }
    }
}
