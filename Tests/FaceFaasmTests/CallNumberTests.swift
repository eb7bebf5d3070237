import Model
import Testing

@testable import FaceFaasm

/// Numbers of calls that clients did not number.
@Suite struct CallNumberTests {
    private func time(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }

    @Test(arguments: [1_700_000_000, 1_763_712_000, 1_763_743_999] as [Int64])
    func `a number tells the seconds in which its call was made`(second: Int64) {
        let numbers = CallNumbers()
        var generator = SystemRandomNumberGenerator()
        let made = ExecutionID(time: time(second), using: &generator)
        let (number, id) = numbers.next(in: made)
        #expect(CallNumbers.isIn(id, number) && !CallNumbers.isIn(id, number + 1))
        #expect(id.high == made.high && number >= CallNumbers.first && number <= Int64(Int32.max))
        for later in [0, 1, 3600, 32_000, 80_000] as [Int64] {
            let seconds = CallNumbers.seconds(of: number, before: time(second + later))
            #expect(seconds.contains { $0.contains(time(second)) }, "\(later) s later")
            #expect(seconds.count <= 3)
        }
        #expect(CallNumbers.seconds(of: 7, before: time(second)).isEmpty)
    }

    @Test func `numbers of one second differ`() {
        let numbers = CallNumbers()
        #expect(Set((0..<20_000).map { _ in numbers.next(at: time(1_763_712_000)) }).count == 20_000)
    }
}
