import Testing

@testable import Sandbox

@Suite("Parts of answers")
final class AnswerPartsTests {
    private var parts = AnswerParts()

    /// What goes when a part comes; nil: it is held.
    private func send(_ part: [UInt8], at time: Int64) -> [[UInt8]]? {
        parts.take(part, now: time) ? parts.release() : nil
    }

    @Test("The first parts of each while go at once, further ones are put together")
    func promptParts() {
        let start: Int64 = 1_000_000_000
        let sent = (0..<AnswerParts.promptParts).map { send([UInt8($0)], at: start) }
        #expect(sent == (0..<AnswerParts.promptParts).map { [[UInt8($0)]] })
        let later = [start + 1, start + AnswerParts.window - 1, start + AnswerParts.window].map { send([1], at: $0) }
        #expect(later == [nil, nil, [[1, 1, 1]]])
        let rest = parts.release()
        #expect(rest.isEmpty)
    }

    @Test("What is enough together goes, however often there was something")
    func enough() {
        for _ in 0..<AnswerParts.promptParts { _ = send([0], at: 0) }
        let much = send([UInt8](repeating: 1, count: AnswerParts.heldBytes - 1), at: 0)
        let enough = send([2], at: 0)
        #expect(much == nil && enough?.map(\.count) == [AnswerParts.heldBytes])
    }

    @Test("A large part goes in pieces")
    func pieces() {
        let part = (0..<AnswerParts.pieceBytes * 2 + 5).map { UInt8(truncatingIfNeeded: $0) }
        let pieces = send(part, at: 0)
        #expect(pieces?.map(\.count) == [AnswerParts.pieceBytes, AnswerParts.pieceBytes, 5])
        #expect(pieces.map { Array($0.joined()) } == part)
    }

    @Test("All parts of an answer count against its limit")
    func limit() {
        #expect(parts.mayTake(AnswerParts.maximumBytes) && !parts.mayTake(AnswerParts.maximumBytes + 1))
        _ = send([1, 2, 3], at: 0)
        #expect(parts.mayTake(AnswerParts.maximumBytes - 3) && !parts.mayTake(AnswerParts.maximumBytes - 2))
    }
}
