internal import Model
internal import Wasmtime

/// Shared state, as the platform keeps it. Long values go in pieces, so that no request is longer than one may be.
extension Session {
    /// What of a value goes with one request.
    private var pieceBytes: Int { min(4 << 20, max(1024, limits.inputBytes - 8192)) }

    func stateSize(_ key: String) throws(HostTrap) -> Int {
        Int(clamping: try request(.stateSize, Array(key.utf8)).number(0, UInt64.self))
    }

    /// Reads the part of `range` that the value has into the guest's memory at `address`, which must have room for all of it.
    /// Returns the size of the whole value, and how many bytes there were.
    func readState(
        _ key: String, _ range: Range<Int>, to address: UInt32
    ) throws(HostTrap) -> (size: Int, count: Int) {
        try check(address, range.count)
        var (size, done) = (0, 0)
        repeat {
            let start = range.lowerBound + done
            let count = min(pieceBytes, range.upperBound - start)
            let reply = try request(
                .stateRead, Array(key.utf8), HostFields.bytes(UInt64(start)), HostFields.bytes(UInt64(count)))
            size = Int(clamping: try reply.number(0, UInt64.self))
            let bytes = try reply.bytes(1)
            guard bytes.count <= count else {
                throw HostTrap("the platform's answer is longer than what was asked for")
            }
            try put(bytes, at: address + UInt32(done))
            done += bytes.count
            if bytes.count < count { break }
        } while range.lowerBound + done < min(range.upperBound, size)
        return (size, done)
    }

    /// Replaces a value by what is in the guest's memory.
    func writeState(_ key: String, _ address: UInt32, _ length: UInt32) throws(HostTrap) {
        try check(address, Int(length))
        let first = UInt32(min(pieceBytes, Int(length)))
        try request(.stateWrite, Array(key.utf8), bytes(address, first))
        guard length > first else { return }
        try writeState(key, total: Int(length), at: Int(first), address + first, Int(length - first))
    }

    /// Writes a range of a value, which is then at least `total` long.
    func writeState(
        _ key: String, total: Int, at offset: Int, _ address: UInt32, _ length: Int
    ) throws(HostTrap) {
        try check(address, length)
        var done = 0
        while done < length {
            let piece = try bytes(address + UInt32(done), UInt32(min(pieceBytes, length - done)))
            try request(
                .stateWriteRange, Array(key.utf8), HostFields.bytes(UInt64(total)),
                HostFields.bytes(UInt64(offset + done)), piece)
            done += piece.count
        }
    }
}
