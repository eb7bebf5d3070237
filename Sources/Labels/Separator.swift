/// What stands between the parts of an encoded component.
///
/// A component is kept as one array of bytes: tokens in UTF-8, separated by these. Tokens hold no control characters, so
/// no separator can be in one, and every separator is below every byte of a token. Therefore the order of the bytes is
/// the order by clauses, then principals, then tokens; a principal's end is the first byte up to `principal`, and so on.
/// Equal formulas in canonical form have equal bytes, and no check of a flow needs to decode anything.
enum Separator {
    static let clause: UInt8 = 1
    static let principal: UInt8 = 2
    static let token: UInt8 = 3

    /// The one byte of the component that is false.
    static let `false`: UInt8 = 0
}

extension Span<UInt8> {
    /// Where the part that begins at `start` ends: at such a separator, or one of a greater part, or the end of all.
    func end(before separator: UInt8, from start: Int) -> Int {
        var end = start
        while end < count, self[end] > separator { end += 1 }
        return end
    }
}

extension [UInt8] {
    /// The parts between separators of one kind; none where there are no bytes.
    func parts(between separator: UInt8) -> [[UInt8]] {
        split(separator: separator).map { [UInt8]($0) }
    }
}
