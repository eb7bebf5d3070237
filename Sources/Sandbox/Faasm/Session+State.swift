internal import Model
internal import Wasmtime

/// Shared state, as the platform keeps it. Long values go in pieces, so that no request is longer than one may be.
extension Session {
    /// What of a value goes with one request.
    private var pieceBytes: Int { min(4 << 20, max(1024, limits.inputBytes - 8192)) }

    func stateSize(_ key: String) throws(HostTrap) -> Int {
        Int(clamping: try request(.stateSize, Array(key.utf8)).number(0, UInt64.self))
    }

    /// The part of `range` that the value has, and the size of all of it.
    func readState(_ key: String, _ range: Range<Int>) throws(HostTrap) -> (size: Int, bytes: [UInt8]) {
        var result: [UInt8] = []
        var size = 0
        repeat {
            let start = range.lowerBound + result.count
            let count = min(pieceBytes, range.upperBound - start)
            let reply = try request(
                .stateRead, Array(key.utf8), HostFields.number(UInt64(start)), HostFields.number(UInt64(count)))
            size = Int(clamping: try reply.number(0, UInt64.self))
            let bytes = try reply.bytes(1)
            guard bytes.count <= count else { throw HostTrap("the platform's answer is longer than what was asked for") }
            result += bytes
            if bytes.count < count { break }
        } while range.lowerBound + result.count < min(range.upperBound, size)
        return (size, result)
    }

    /// Replaces a value.
    func writeState(_ key: String, _ value: [UInt8]) throws(HostTrap) {
        let first = min(pieceBytes, value.count)
        try request(.stateWrite, Array(key.utf8), Array(value[..<first]))
        try writeState(key, total: value.count, at: first, value[first...])
    }

    /// Writes a range of a value, which is then at least `total` long.
    func writeState(_ key: String, total: Int, at offset: Int, _ bytes: ArraySlice<UInt8>) throws(HostTrap) {
        var (offset, rest) = (offset, bytes)
        while !rest.isEmpty {
            let piece = rest.prefix(pieceBytes)
            try request(
                .stateWriteRange, Array(key.utf8), HostFields.number(UInt64(total)), HostFields.number(UInt64(offset)),
                Array(piece))
            offset += piece.count
            rest = rest.dropFirst(piece.count)
        }
    }
}
