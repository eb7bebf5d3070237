/// Reads a form (`multipart/form-data`) as its bytes arrive, in pieces of any size. Pure: it keeps no more than a piece, a
/// head, or a boundary of it.
///
/// ``append(_:)`` takes a piece; then ``next()`` says what is known, until it knows no more. ``finish()`` at the end of the body.
public struct MultipartParser: Sendable {
    public enum Event: Hashable, Sendable {
        case part(FormPart)
        /// Bytes of the part that was begun; never none.
        case bytes([UInt8])
        case endOfPart
    }

    private enum State: Sendable {
        /// Before the first boundary: what stands there means nothing.
        case preamble
        /// Behind a boundary: another part, or the end.
        case boundary
        case head
        case body
        /// Behind the last part: what stands there means nothing.
        case epilogue
    }

    private let delimiter: [UInt8]
    private let limits: MultipartLimits
    private var state = State.preamble
    private var parts = 0
    private var buffer: [UInt8]
    private var start = 0

    public init(boundary: [UInt8], limits: MultipartLimits = MultipartLimits()) {
        delimiter = Array("\r\n--".utf8) + boundary
        self.limits = limits
        // A boundary at the very beginning has no line end before it.
        buffer = Array("\r\n".utf8)
    }

    public mutating func append(_ bytes: some Sequence<UInt8>) {
        guard state != .epilogue else { return }
        if start > 0 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// What comes next; nil: more bytes are needed for that.
    public mutating func next() throws(MultipartError) -> Event? {
        while true {
            switch state {
            case .preamble:
                guard let range = delimiterRange() else {
                    drop(to: firstPossible)
                    return nil
                }
                drop(to: range.upperBound)
                state = .boundary
            case .boundary:
                guard try boundaryEnds() else { return nil }
            case .head:
                guard let head = try head() else { return nil }
                parts += 1
                guard parts <= limits.maximumParts else {
                    throw MultipartError("The form has more than \(limits.maximumParts) parts.")
                }
                let part = try FormPart(head: head)
                state = .body
                return .part(part)
            case .body:
                guard let range = delimiterRange() else {
                    let bytes = take(to: firstPossible)
                    return bytes.isEmpty ? nil : .bytes(bytes)
                }
                if range.lowerBound > start { return .bytes(take(to: range.lowerBound)) }
                drop(to: range.upperBound)
                state = .boundary
                return .endOfPart
            case .epilogue:
                buffer = []
                start = 0
                return nil
            }
        }
    }

    /// Makes sure that the form was whole.
    public func finish() throws(MultipartError) {
        guard state == .epilogue else { throw MultipartError("The form ends before its last boundary.") }
    }

    // MARK: Buffer

    /// Where the next delimiter is.
    private func delimiterRange() -> Range<Int>? {
        var position = start
        while let found = buffer[position...].firstIndex(of: delimiter[0]) {
            guard buffer.count - found >= delimiter.count else { return nil }
            if buffer[found..<(found + delimiter.count)].elementsEqual(delimiter) {
                return found..<(found + delimiter.count)
            }
            position = found + 1
        }
        return nil
    }

    /// Where a delimiter may begin whose end is not here yet; the end where none may.
    private var firstPossible: Int {
        var position = max(start, buffer.count - delimiter.count + 1)
        while position < buffer.count, !delimiter.starts(with: buffer[position...]) { position += 1 }
        return position
    }

    private mutating func drop(to end: Int) { start = end }

    private mutating func take(to end: Int) -> [UInt8] {
        defer { start = end }
        return Array(buffer[start..<end])
    }

    /// Reads what follows a boundary: two hyphens at the end of the form, else blanks and a line end. False: it is not here yet.
    private mutating func boundaryEnds() throws(MultipartError) -> Bool {
        let rest = buffer[start...]
        if rest.starts(with: "--".utf8) {
            state = .epilogue
            return true
        }
        let line = rest.prefix(while: { $0 == 0x20 || $0 == 0x09 })
        let end = rest[line.endIndex...].prefix(2)
        guard line.count <= limits.maximumHeadBytes, "\r\n".utf8.starts(with: end) || rest.elementsEqual("-".utf8)
        else {
            throw MultipartError("A boundary of the form is followed by something else than a line end.")
        }
        guard end.count == 2 else { return false }
        // The line end stays: a part without any head has its empty line right here.
        drop(to: end.startIndex)
        state = .head
        return true
    }

    /// The bytes of a head, once its empty line is here.
    private mutating func head() throws(MultipartError) -> ArraySlice<UInt8>? {
        let mark = Array("\r\n\r\n".utf8)
        var position = start
        while let found = buffer[position...].firstIndex(of: mark[0]) {
            if buffer[found...].starts(with: mark) {
                guard found - start <= limits.maximumHeadBytes else { break }
                defer { drop(to: found + mark.count) }
                return buffer[start..<found]
            }
            position = found + 1
        }
        guard buffer.count - start <= limits.maximumHeadBytes else {
            throw MultipartError("The head of a part has more than \(limits.maximumHeadBytes) bytes.")
        }
        return nil
    }
}
