import Testing

@testable import Sandbox

@Suite("Parts of answers")
struct AnswerPartsTests {
    private let second: Int64 = 1_000_000_000

    @Test("The first parts of each while go at once, further ones are put together")
    func promptParts() {
        var parts = AnswerParts()
        for number in 0..<AnswerParts.promptParts {
            #expect(parts.take([UInt8(number)], now: second))
            #expect(parts.release() == [[UInt8(number)]])
        }
        #expect(!parts.take([1], now: second + 1))
        #expect(!parts.take([2], now: second + AnswerParts.window - 1))
        #expect(parts.take([3], now: second + AnswerParts.window))
        #expect(parts.release() == [[1, 2, 3]] && parts.release().isEmpty)
    }

    @Test("What is enough together goes, however often there was something")
    func enough() {
        var parts = AnswerParts()
        for _ in 0..<AnswerParts.promptParts { _ = parts.take([0], now: 0) }
        _ = parts.release()
        #expect(!parts.take([UInt8](repeating: 1, count: AnswerParts.heldBytes - 1), now: 0))
        #expect(parts.take([2], now: 0))
        #expect(parts.release().map(\.count) == [AnswerParts.heldBytes])
    }

    @Test("A large part goes in pieces")
    func pieces() {
        var parts = AnswerParts()
        let part = (0..<AnswerParts.pieceBytes * 2 + 5).map { UInt8(truncatingIfNeeded: $0) }
        #expect(parts.take(part, now: 0))
        let pieces = parts.release()
        #expect(pieces.map(\.count) == [AnswerParts.pieceBytes, AnswerParts.pieceBytes, 5])
        #expect(Array(pieces.joined()) == part)
    }

    @Test("All parts of an answer count against its limit")
    func limit() {
        var parts = AnswerParts()
        #expect(parts.mayTake(AnswerParts.maximumBytes) && !parts.mayTake(AnswerParts.maximumBytes + 1))
        _ = parts.take([1, 2, 3], now: 0)
        _ = parts.release()
        #expect(parts.mayTake(AnswerParts.maximumBytes - 3) && !parts.mayTake(AnswerParts.maximumBytes - 2))
    }
}
