/// Makes lines of bytes that come in pieces.
struct LineSplitter {
    private var line: [UInt8] = []

    /// Hands on each line that the piece ends, without its end.
    mutating func split<Failure: Error>(
        _ piece: some Sequence<UInt8>, _ take: (String) throws(Failure) -> Void
    ) throws(Failure) {
        for byte in piece {
            guard byte == UInt8(ascii: "\n") else {
                line.append(byte)
                continue
            }
            try take(String(decoding: line, as: UTF8.self))
            line.removeAll(keepingCapacity: true)
        }
    }

    /// Hands on what is left where the last line has no end.
    func finish<Failure: Error>(_ take: (String) throws(Failure) -> Void) throws(Failure) {
        if !line.isEmpty { try take(String(decoding: line, as: UTF8.self)) }
    }
}
